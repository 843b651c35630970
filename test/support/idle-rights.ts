import { isAllowed } from '../../sandbox/aws/authorize.ts';
import type { ResolvedTemplate } from '../../sandbox/template/types.ts';
import { ACCOUNT } from './function-roles.ts';
import type { RecordedCall } from './record-calls.ts';

/** What the sandbox does not imitate, or does without: logs, traces, reading streams and queues, encryption. */
const NOT_CALLED_HERE = [
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'kms:Decrypt',
  'kms:GenerateDataKey',
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
];
/** Where events go that could not be handled: no test has one. */
const UNDELIVERED = /:postern-undelivered$/;

type Statement = { Action: string | string[]; Resource?: string | string[] };

/** Whether a call needs just this: one action of one statement, with nothing beside it. */
const needs = ({ functionName, ...asked }: RecordedCall, statement: object) =>
  isAllowed(
    {
      accountId: ACCOUNT,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/postern-${functionName}/postern-${functionName}`,
      userId: 'AROATEST:test',
      accessKeyId: 'ASIATEST',
      identityPolicies: [{ Version: '2012-10-17', Statement: [statement] }],
      principalTags: {},
      sessionIssuer: `arn:aws:iam::${ACCOUNT}:role/postern-${functionName}`,
    },
    asked,
  );

/** What a function's role allows and none of these calls needed, as lines; throws where it allows nothing. */
export async function idleRightsOf(
  functionName: string,
  { roles }: Pick<ResolvedTemplate, 'roles'>,
  calls: readonly RecordedCall[],
): Promise<string[]> {
  const role = roles.find(({ name }) => name === `postern-${functionName}`);
  const statements = role?.policies.flatMap(({ document }) => document.Statement as Statement[]) ?? [];
  if (statements.length === 0) throw new Error(`${functionName} has no role`);
  const idle: string[] = [];
  for (const statement of statements) {
    if ([statement.Resource].flat().every((resource) => UNDELIVERED.test(resource ?? ''))) continue;
    for (const action of [statement.Action].flat().filter((name) => !NOT_CALLED_HERE.includes(name))) {
      const made = calls.filter((call) => call.functionName === functionName && call.action === action);
      const needed = await Promise.all(made.map((call) => needs(call, { ...statement, Action: action })));
      if (!needed.includes(true)) idle.push(`${action} by ${JSON.stringify(statement)}`);
    }
  }
  return idle;
}
