import type { NamedCall, Need, Resource } from '../named-call.ts';
import type { Place } from './arn-template.ts';
import { type PartiqlStatement, readPartiql } from './read-partiql.ts';

const UNKNOWN: Resource = { kind: 'unknown' };

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A table by its name or its ARN, or an index of it. */
function tableOf(name: unknown, place: Place, index?: unknown): Resource {
  if (typeof name !== 'string') return UNKNOWN;
  const isArn = /^arn:[a-z-]+:dynamodb:[a-z0-9-]+:\d{12}:table\/[A-Za-z0-9_.-]{3,255}$/.test(name);
  if (!isArn && !/^[A-Za-z0-9_.-]{3,255}$/.test(name)) return UNKNOWN;
  const { partition, region, account } = place;
  const arn = isArn ? name : `arn:${partition}:dynamodb:${region}:${account}:table/${name}`;
  if (index === undefined) return { kind: 'known', arn };
  if (typeof index !== 'string' || !/^[A-Za-z0-9_.-]{3,255}$/.test(index)) return UNKNOWN;
  return { kind: 'known', arn: `${arn}/index/${index}` };
}

/** The actions of a transaction's parts. */
const OF_PART: Readonly<Record<string, string>> = {
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
};

function needsOfPart(part: unknown, place: Place): Need[] {
  if (!isObject(part) || Object.keys(part).length === 0)
    return [{ action: 'dynamodb:GetItem', resource: UNKNOWN }];
  return Object.entries(part).map(([kind, inner]) => ({
    action:
      (Object.hasOwn(OF_PART, kind) ? OF_PART[kind] : undefined) ?? `dynamodb:${kind.replace(/\W/g, '')}`,
    resource: isObject(inner) ? tableOf(inner.TableName, place) : UNKNOWN,
  }));
}

const ofPartiql = (statement: PartiqlStatement | undefined, place: Place): Need[] =>
  statement
    ? [{ action: statement.action, resource: tableOf(statement.table, place, statement.index) }]
    : // What it reads or writes was not understood: all of it is needed, on what is not known.
      ['Select', 'Insert', 'Update', 'Delete'].map((verb) => ({
        action: `dynamodb:PartiQL${verb}`,
        resource: UNKNOWN,
      }));

const statementOf = (value: unknown): unknown => (isObject(value) ? value.Statement : undefined);

/** The needs of the operations of many parts, and of those on an index; undefined of every other. */
export function needsOfDynamodb(
  { operation, parameters }: NamedCall,
  place: Place,
): readonly Need[] | undefined {
  const action = `dynamodb:${operation.name}`;
  switch (operation.name) {
    case 'BatchGetItem':
    case 'BatchWriteItem': {
      const tables = isObject(parameters.RequestItems) ? Object.keys(parameters.RequestItems) : [undefined];
      return tables.map((table) => ({ action, resource: tableOf(table, place) }));
    }
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return listOf(parameters.TransactItems).flatMap((part) => needsOfPart(part, place));
    case 'ExecuteStatement':
      return ofPartiql(readPartiql(parameters.Statement), place);
    case 'BatchExecuteStatement':
      return listOf(parameters.Statements).flatMap((each) =>
        ofPartiql(readPartiql(statementOf(each)), place),
      );
    case 'ExecuteTransaction':
      return listOf(parameters.TransactStatements).flatMap((each) =>
        ofPartiql(readPartiql(statementOf(each)), place),
      );
    case 'Query':
    case 'Scan':
      return [{ action, resource: tableOf(parameters.TableName, place, parameters.IndexName) }];
    default:
      return undefined;
  }
}
