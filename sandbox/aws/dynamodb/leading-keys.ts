import conditionParser, { type Expression } from 'dynalite/db/conditionParser.js';
import { AwsError } from '../../../gateway/wire/aws-error.ts';

type Input = Record<string, unknown>;

const invalid = (why: string) => new AwsError('ValidationException', why, 400);
const isObject = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The value of `{ "S": "c-1042" }`, as IAM compares it.
 * INVARIANT: it has one member, of a key's types. The database skips members it does not know, and would read
 * another value than the one judged here.
 */
function keyValue(typed: unknown): string {
  const members = isObject(typed) ? Object.entries(typed) : [];
  const [[type, value] = []] = members;
  if (members.length !== 1 || !type || !['S', 'N', 'B'].includes(type) || typeof value !== 'string') {
    throw invalid('A key must be one string, number or binary value.');
  }
  return value;
}

/** The key's value in an item; none where the item lacks it, which the database then refuses. */
function keyOf(item: unknown, attribute: string): string[] {
  if (!isObject(item) || !Object.hasOwn(item, attribute)) return [];
  return [keyValue(item[attribute])];
}

/** The operands that a key condition holds the partition key equal to; nothing else can name a partition. */
function equalsIn(expression: Expression, attribute: string): unknown[] {
  if (expression.type === 'and') {
    return expression.args.flatMap((part) => equalsIn(part as Expression, attribute));
  }
  if (expression.type !== '=') return [];
  const [left, right] = expression.args;
  const isAttribute = (operand: unknown) =>
    Array.isArray(operand) && operand.length === 1 && operand[0] === attribute;
  if (isAttribute(left)) return [right];
  return isAttribute(right) ? [left] : [];
}

/** A key condition, parsed as the database will; none where it does not parse, and the database says why. */
function parse(condition: string, input: Input): Expression | undefined {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  try {
    return conditionParser.parse(condition, {
      context: {
        attrNames: isObject(names) ? (names as Record<string, string>) : {},
        attrVals: isObject(values) ? values : {},
        unusedAttrNames: {},
        unusedAttrVals: {},
        isReserved: () => false,
        isKeyCondition: true,
      },
    }).expression;
  } catch {
    return undefined;
  }
}

function keysOfQuery(input: Input, attribute: string): string[] {
  if (typeof input.KeyConditionExpression === 'string') {
    const expression = parse(input.KeyConditionExpression, input);
    return expression ? equalsIn(expression, attribute).map(keyValue) : [];
  }
  const conditions = isObject(input.KeyConditions) ? input.KeyConditions : {};
  const condition = Object.hasOwn(conditions, attribute) ? conditions[attribute] : undefined;
  if (!isObject(condition) || condition.ComparisonOperator !== 'EQ') return [];
  return Array.isArray(condition.AttributeValueList) ? condition.AttributeValueList.map(keyValue) : [];
}

function keysOfWrite(request: unknown, attribute: string): string[] {
  const [[kind, write] = [], ...more] = isObject(request) ? Object.entries(request) : [];
  if (more.length > 0 || !isObject(write)) throw invalid('A write is one PutRequest or one DeleteRequest.');
  if (kind === 'PutRequest') return keyOf(write.Item, attribute);
  if (kind === 'DeleteRequest') return keyOf(write.Key, attribute);
  throw invalid('A write is one PutRequest or one DeleteRequest.');
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/**
 * The partition keys a call touches in one table: `dynamodb:LeadingKeys`. Empty where the call names none,
 * and then IAM finds the condition key absent. Throws ValidationException where a key is ambiguous.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function leadingKeysOf(operation: string, input: Input, attribute: string): string[] {
  switch (operation) {
    case 'GetItem':
    case 'UpdateItem':
    case 'DeleteItem':
    case 'ConditionCheckItem':
      return keyOf(input.Key, attribute);
    case 'PutItem':
      return keyOf(input.Item, attribute);
    case 'Query':
      return keysOfQuery(input, attribute);
    case 'BatchGetItem':
      return listOf(input.Keys).flatMap((key) => keyOf(key, attribute));
    case 'BatchWriteItem':
      return listOf(input.Requests).flatMap((request) => keysOfWrite(request, attribute));
    default:
      return [];
  }
}
