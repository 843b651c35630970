/** An event, or a part of one. */
type Value = unknown;

const isObject = (value: Value): value is Record<string, Value> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether an event matches a filter: each field that the pattern names has one of the values it lists, or is
 * there (`{"exists": true}`). Throws for other operators, which the sandbox does not imitate.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export function matchesPattern(pattern: Value, event: Value): boolean {
  if (Array.isArray(pattern)) {
    return pattern.some((choice) => (isObject(choice) ? isThere(choice, event) : choice === (event ?? null)));
  }
  if (!isObject(pattern)) throw new Error('an event filter is an object of lists');
  return (
    isObject(event) &&
    Object.entries(pattern).every(([field, wanted]) =>
      matchesPattern(wanted, Object.hasOwn(event, field) ? event[field] : undefined),
    )
  );
}

function isThere(operator: Record<string, Value>, event: Value): boolean {
  if (Object.keys(operator).join() !== 'exists')
    throw new Error('the sandbox matches event filters by equal values, or by existence, only');
  return operator.exists === (event !== undefined);
}
