import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { type KeptVersion, keptVersionSchema } from '../../domain/identity/kept-version.ts';
import { itemsIn, tryWrite } from '../runtime/call-aws.ts';

const subjectOf = ({ kind, target }: Pick<KeptVersion, 'kind' | 'target'>) => `${kind}#${target}`;

/** Every version of policies and principals that there ever was. None is changed or removed. */
export function makeVersionsTable(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;
  return {
    /** Keeps a version; one that is kept already stays as it is. */
    async keep(version: KeptVersion): Promise<void> {
      const Item = { subject: subjectOf(version), ...keptVersionSchema.parse(version) };
      await tryWrite('versions table', () =>
        client.send(
          new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(subject)' }),
        ),
      );
    },

    /** All versions of a policy or a principal, the newest first. */
    async list(target: Pick<KeptVersion, 'kind' | 'target'>): Promise<KeptVersion[]> {
      const query = {
        TableName,
        ConsistentRead: true,
        ScanIndexForward: false,
        KeyConditionExpression: 'subject = :subject',
        ExpressionAttributeValues: { ':subject': subjectOf(target) },
      };
      const versions: KeptVersion[] = [];
      for await (const item of itemsIn('versions table', paginateQuery({ client }, query)))
        versions.push(keptVersionSchema.parse(item));
      return versions;
    },
  };
}
export type VersionsTable = ReturnType<typeof makeVersionsTable>;
