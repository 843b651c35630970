import conditionParser, { type Expression } from 'dynalite/db/conditionParser.js';

type Input = Record<string, unknown>;
type Attributes = Record<string, Record<string, unknown>>;

/** The value of `{ "S": "c-1042" }`, as IAM compares it. */
const typedValue = (typed: unknown): string[] => {
  const [value] = Object.values((typed ?? {}) as Record<string, unknown>);
  return typeof value === 'string' ? [value] : [];
};

/** The equality on the partition key in a key condition; nothing else can name a partition. */
function partitionIn(expression: Expression, attribute: string): string[] {
  if (expression.type === 'and') {
    return expression.args.flatMap((part) => partitionIn(part as Expression, attribute));
  }
  if (expression.type !== '=') return [];
  const [left, right] = expression.args;
  const isAttribute = (operand: unknown) =>
    Array.isArray(operand) && operand.length === 1 && operand[0] === attribute;
  if (isAttribute(left)) return typedValue(right);
  return isAttribute(right) ? typedValue(left) : [];
}

function keysOfQuery(input: Input, attribute: string): string[] {
  if (typeof input.KeyConditionExpression !== 'string') {
    const condition = (
      input.KeyConditions as
        | Record<string, { ComparisonOperator?: string; AttributeValueList?: unknown[] }>
        | undefined
    )?.[attribute];
    return condition?.ComparisonOperator === 'EQ' ? typedValue(condition.AttributeValueList?.[0]) : [];
  }
  try {
    const { expression } = conditionParser.parse(input.KeyConditionExpression, {
      context: {
        attrNames: (input.ExpressionAttributeNames as Record<string, string>) ?? {},
        attrVals: (input.ExpressionAttributeValues as Record<string, unknown>) ?? {},
        unusedAttrNames: {},
        unusedAttrVals: {},
        isReserved: () => false,
        isKeyCondition: true,
      },
    });
    return partitionIn(expression, attribute);
  } catch {
    // What does not parse names no key; DynamoDB itself then says what is wrong with it.
    return [];
  }
}

const keyOf = (item: unknown, attribute: string): string[] =>
  typedValue((item as Attributes | undefined)?.[attribute]);

/**
 * The partition keys a call touches in one table: `dynamodb:LeadingKeys`. Empty where the call names none,
 * and then IAM finds the condition key absent.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function leadingKeysOf(operation: string, input: Input, attribute: string): string[] {
  switch (operation) {
    case 'GetItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return keyOf(input.Key, attribute);
    case 'PutItem':
      return keyOf(input.Item, attribute);
    case 'Query':
      return keysOfQuery(input, attribute);
    case 'BatchGetItem':
      return ((input.Keys as unknown[]) ?? []).flatMap((key) => keyOf(key, attribute));
    case 'BatchWriteItem':
      return (
        (input.Requests as { PutRequest?: { Item: unknown }; DeleteRequest?: { Key: unknown } }[]) ?? []
      ).flatMap(({ PutRequest, DeleteRequest }) => keyOf(PutRequest?.Item ?? DeleteRequest?.Key, attribute));
    default:
      return [];
  }
}
