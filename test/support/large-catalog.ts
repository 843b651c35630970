import { type CatalogFile, catalogSchema } from '../../lambdas/shared/domain/catalog/catalog.ts';

const HERE = '${AWS::Region}:${AWS::AccountId}';
const SENSITIVITIES = ['internal', 'confidential', 'internal', 'restricted', 'public'];
/** As CDK names what has no name of its own. */
const named = (team: number, index: number) =>
  `Team${team}OrdersServiceStorageStack-OrdersTable${index}8B29C1F0-1QX7M2L9ZT`;

/** An entry of a large organisation's catalog: tables first, and what else teams have. */
function entryOf(index: number): Record<string, unknown> {
  const team = Math.floor(index / 10);
  const arn = (service: string, resource: string) => `arn:\${AWS::Partition}:${service}:${HERE}:${resource}`;
  const kinds = [
    {
      kind: 'dynamodb-table',
      arns: [arn('dynamodb', `table/${named(team, index)}`)],
      actions: { read: ['dynamodb:GetItem', 'dynamodb:Query'], write: ['dynamodb:UpdateItem'] },
      subjectScoped: index % 3 === 0,
    },
    {
      kind: 'dynamodb-table',
      arns: [arn('dynamodb', `table/orders_${index}`)],
      actions: { read: ['dynamodb:GetItem', 'dynamodb:Scan'] },
    },
    {
      kind: 's3-prefix',
      arns: [`arn:\${AWS::Partition}:s3:::team${team}-reports/in${index}/`],
      actions: { read: ['s3:GetObject', 's3:ListBucket'], write: ['s3:PutObject'] },
    },
    {
      kind: 'sqs-queue',
      arns: [arn('sqs', `team${team}-jobs-${index}`)],
      actions: { write: ['sqs:SendMessage'] },
    },
    {
      kind: 'secret',
      arns: [arn('secretsmanager', `secret:team${team}/service${index}`)],
      actions: { read: ['secretsmanager:GetSecretValue'] },
    },
    {
      kind: 'lambda-function',
      arns: [arn('lambda', `function:team${team}-report-${index}`)],
      actions: { write: ['lambda:InvokeFunction'] },
    },
    {
      kind: 'log-group',
      arns: [arn('logs', `log-group:/aws/ecs/team${team}/service${index}`)],
      actions: { read: ['logs:FilterLogEvents', 'logs:GetLogEvents'] },
    },
  ];
  return {
    key: `team${team}_resource_${index}`,
    purpose: `What service ${index} of team ${team} keeps for its customers`,
    sensitivity: SENSITIVITIES[index % SENSITIVITIES.length],
    maxDurationSeconds: 1800,
    ...kinds[index % 10 < 5 ? index % 2 : (index % 5) + 2],
  };
}

/** A catalog of so many resources, as a large organisation would have: half tables, half of them with long names. */
export const largeCatalog = (entries: number): CatalogFile =>
  catalogSchema.parse({
    version: 1,
    resources: Array.from({ length: entries }, (_, index) => entryOf(index)),
  });
