/** Names of members that hold what nobody who approves a call has to read. */
const SECRET =
  /(?:secret|secret_?(?:string|binary|value|key|access_?key)|password|passphrase|private_?key|plain_?text|auth_?token|session_?token|access_?token|api_?key|authorization|credentials?)$/i;
const HIDDEN = '[hidden: a secret]';

/** Members of operations that hold one under a name that does not say so. */
const OF_OPERATIONS: Readonly<Record<string, readonly string[]>> = { PutParameter: ['Value'] };

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function hide(value: unknown, isSecret: (name: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => hide(item, isSecret));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isSecret(name) ? HIDDEN : hide(item, isSecret)]),
  );
}

/**
 * Parameters as they are shown and stored: secrets hidden, at any depth, by their names. What is hidden is bound all the
 * same: the call's digest is over what was sent.
 */
export function hideSecrets(operation: string, parameters: unknown): unknown {
  const own = OF_OPERATIONS[operation] ?? [];
  return hide(parameters, (name) => SECRET.test(name) || own.includes(name));
}
