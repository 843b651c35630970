import { AwsError } from '../../../gateway/wire/aws-error.ts';

type Input = Record<string, unknown>;

/** One table's part of a call: the action that IAM is asked for, and the input in which its keys stand. */
type Touch = { action: string; table: string; index?: string; input: Input };

/** What an item of a transaction is to IAM. */
const IN_TRANSACTION: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};
/** Where the calls of PartiQL keep their statements. */
const STATEMENTS: Readonly<Record<string, string>> = {
  BatchExecuteStatement: 'Statements',
  ExecuteTransaction: 'TransactStatements',
};

const invalid = (why: string) => new AwsError('ValidationException', why, 400);

/**
 * The tables that a call touches, and by which actions. Calls that the database has not are read too: who may
 * not make them is told so, and not that they are missing.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function touchedTables(operation: string, input: Input): Touch[] {
  switch (operation) {
    case 'BatchGetItem':
    case 'BatchWriteItem': {
      const tables = Object.entries((input.RequestItems ?? {}) as Input);
      if (tables.length === 0) throw invalid('RequestItems must name a table.');
      return tables.map(([table, requests]) => ({
        action: operation,
        table,
        input: operation === 'BatchGetItem' ? ((requests ?? {}) as Input) : { Requests: requests },
      }));
    }
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return listOf(input.TransactItems).flatMap(ofTransaction);
    case 'ExecuteStatement':
      return [ofStatement(input)];
    case 'BatchExecuteStatement':
    case 'ExecuteTransaction':
      return listOf(input[STATEMENTS[operation] ?? '']).map(ofStatement);
    default:
      return [ofTable(operation, input)];
  }
}

function ofTable(action: string, input: Input): Touch {
  const { TableName: table = '*', IndexName: index } = input;
  if (typeof table !== 'string') throw invalid('TableName must be a string.');
  if (index === undefined || index === null) return { action, table, input };
  if (typeof index !== 'string') throw invalid('IndexName must be a string.');
  return { action, table, index, input };
}

function ofTransaction(item: Input): Touch[] {
  return Object.entries(item).map(([kind, input]) =>
    ofTable(IN_TRANSACTION[kind] ?? kind, (input ?? {}) as Input),
  );
}

/** `SELECT … FROM "table"`: PartiQLSelect on that table, whose keys IAM then does not know. */
function ofStatement({ Statement }: Input): Touch {
  const text = String(Statement);
  const [, verb = ''] = /^\s*([a-z]+)/i.exec(text) ?? [];
  const [, table = '*'] = /\b(?:from|into|update)\s+"?([A-Za-z0-9_.-]+)"?/i.exec(text) ?? [];
  return { action: `PartiQL${verb.charAt(0).toUpperCase()}${verb.slice(1).toLowerCase()}`, table, input: {} };
}

function listOf(value: unknown): Input[] {
  if (!Array.isArray(value) || value.length === 0) throw invalid('A transaction or batch needs an item.');
  return value.map((item) => (item ?? {}) as Input);
}
