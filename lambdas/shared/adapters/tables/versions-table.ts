import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { type StoredVersion, storedVersionSchema } from '../../domain/identity/stored-version.ts';
import { itemsIn, tryWrite } from '../runtime/call-aws.ts';

const subjectOf = ({ kind, target }: Pick<StoredVersion, 'kind' | 'target'>) => `${kind}#${target}`;

/** Every version of policies and principals that there ever was. None is changed or removed. */
export function makeVersionsTable(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;
  return {
    /** Keeps a version; one that is kept already stays as it is. */
    async keep(version: StoredVersion): Promise<void> {
      const Item = { subject: subjectOf(version), ...storedVersionSchema.parse(version) };
      await tryWrite('versions table', () =>
        client.send(
          new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(subject)' }),
        ),
      );
    },

    /** All versions of a policy or a principal, the newest first. */
    async list(target: Pick<StoredVersion, 'kind' | 'target'>): Promise<StoredVersion[]> {
      const query = {
        TableName,
        ConsistentRead: true,
        ScanIndexForward: false,
        KeyConditionExpression: 'subject = :subject',
        ExpressionAttributeValues: { ':subject': subjectOf(target) },
      };
      const versions: StoredVersion[] = [];
      for await (const item of itemsIn('versions table', paginateQuery({ client }, query)))
        versions.push(storedVersionSchema.parse(item));
      return versions;
    },
  };
}
export type VersionsTable = ReturnType<typeof makeVersionsTable>;
