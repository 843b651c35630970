import type { TableSpec } from '../../template/types.ts';
import { leadingKeysOf } from '../dynamodb/leading-keys.ts';
import type { Database } from '../dynamodb/start-database.ts';
import { partitionKeysOf } from '../dynamodb/table-keys.ts';
import { type AwsCall, AwsError, type AwsService } from '../types.ts';

type Authorizations = ReturnType<AwsService['authorizations']>;

/** DynamoDB's own errors pass through with their message and whatever else they carry. */
export class DatabaseError extends AwsError {
  constructor(body: Record<string, unknown>, status: number) {
    const code = String(body.__type ?? 'InternalServerError').replace(/^.*#/, '');
    super(code, String(body.message ?? body.Message ?? code), status);
  }
}

/** DynamoDB behind IAM: what each call touches is asked for, and only then is it passed on. */
export function createDynamodb(
  tables: readonly TableSpec[],
  database: Database,
  arnPrefix: string,
): AwsService {
  const partitionKeys = partitionKeysOf(tables);

  /** One table's part of a call. */
  function onTable(
    operation: string,
    table: string,
    input: Record<string, unknown>,
    index?: string,
  ): Authorizations[number] {
    const name = table.replace(/^arn:.*:table\//, '');
    const attribute = partitionKeys.get(index === undefined ? name : `${name}/${index}`);
    const keys = attribute === undefined ? [] : leadingKeysOf(operation, input, attribute);
    return {
      action: `dynamodb:${operation}`,
      resource: `${arnPrefix}${name}${index === undefined ? '' : `/index/${index}`}`,
      ...(keys.length > 0 && { context: { 'dynamodb:LeadingKeys': keys } }),
    };
  }

  function authorizations({ operation, input }: AwsCall): Authorizations {
    if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
      const perTable = Object.entries((input.RequestItems ?? {}) as Record<string, unknown>);
      if (perTable.length === 0) return [onTable(operation, '*', {})];
      return perTable.map(([table, of]) =>
        onTable(
          operation,
          table,
          operation === 'BatchGetItem' ? (of as Record<string, unknown>) : { Requests: of },
        ),
      );
    }
    const table = typeof input.TableName === 'string' ? input.TableName : '*';
    const index = typeof input.IndexName === 'string' ? input.IndexName : undefined;
    return [onTable(operation, table, input, index)];
  }

  return {
    name: 'dynamodb',
    authorizations,
    async handle({ operation, input }) {
      const { status, body } = await database.send(operation, JSON.stringify(input));
      const answer = JSON.parse(body || '{}') as Record<string, unknown>;
      if (status !== 200) throw new DatabaseError(answer, status);
      return answer;
    },
  };
}
