import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { ownKeys, problemsOfOwnParts } from '../../infra/own-parts.ts';
import { ownPartsOf } from '../../infra/parts-of-stack.ts';
import { PosternStack } from '../../infra/postern-stack.ts';
import { DEFAULT_SETTINGS } from '../../infra/settings.ts';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { catalogResourceSchema } from '../../lambdas/shared/domain/catalog/catalog.ts';

const parts = ownPartsOf(new PosternStack(new App(), 'Postern', { demo: true, settings: DEFAULT_SETTINGS }));
const HERE = '${AWS::Region}:${AWS::AccountId}';
const KEY = '11111111-2222-3333-4444-555555555555';

const problemsOf = (...arns: string[]) =>
  problemsOfOwnParts(
    [
      catalogResourceSchema.parse({
        key: 'something',
        kind: 'exact-arns',
        arns,
        purpose: 'Something that is brokered',
        sensitivity: 'internal',
        actions: { read: ['any:Read'] },
        maxDurationSeconds: 900,
        acknowledgeEscalation: 'With a reason as without one.',
      }),
    ],
    [...parts, ...ownKeys([KEY])],
  );

describe('a part of the broker is never brokered, found from the stack itself', () => {
  test.each([
    ['its requests', `arn:aws:dynamodb:${HERE}:table/postern_requests`],
    ['its audit log', `arn:\${AWS::Partition}:dynamodb:${HERE}:table/postern_audit`],
    ['an index of a table', `arn:aws:dynamodb:${HERE}:table/postern_audit/index/byRequest`],
    ['a stream of a table', `arn:aws:dynamodb:${HERE}:table/postern_requests/stream/2026-01-01T00:00:00.000`],
    ['a table by an account’s number', 'arn:aws:dynamodb:eu-central-1:111122223333:table/postern_versions'],
    ["Slack's secret", `arn:aws:secretsmanager:${HERE}:secret:postern/slack`],
    ["Slack's secret by its whole ARN", `arn:aws:secretsmanager:${HERE}:secret:postern/slack-AbC123`],
    ["the reviewer's key", `arn:aws:secretsmanager:${HERE}:secret:postern/openai`],
    ["an approver's codes", `arn:aws:secretsmanager:${HERE}:secret:postern/step-up/approver1`],
    ['a function', `arn:aws:lambda:${HERE}:function:postern-assume-role`],
    ["a function's alias", `arn:aws:lambda:${HERE}:function:postern-validate-decision:live`],
    ["a function's log", `arn:aws:logs:${HERE}:log-group:/aws/lambda/postern-front-door`],
    ["the API's log", `arn:aws:logs:${HERE}:log-group:/aws/apigateway/postern`],
    ['the workflow', `arn:aws:states:${HERE}:stateMachine:access-request`],
    ['an execution of it', `arn:aws:states:${HERE}:execution:access-request:one`],
    ["the workflow's log", `arn:aws:logs:${HERE}:log-group:/aws/vendedlogs/states/access-request`],
    [
      'the archive, whose name CloudFormation makes',
      'arn:aws:s3:::postern-archivebucket49f3a2b1-1x2y3z/2026/',
    ],
    ['the queue of what was not delivered', `arn:aws:sqs:${HERE}:postern-undelivered`],
    ['the alarms', `arn:aws:sns:${HERE}:postern-alarms`],
    ['the bus', `arn:aws:events:${HERE}:event-bus/postern`],
    ['a brokered role', 'arn:aws:iam::${AWS::AccountId}:role/postern-brokered-restricted'],
    ["a function's role", 'arn:aws:iam::${AWS::AccountId}:role/postern-assume-role'],
    ['the key of seals, by its alias', `arn:aws:kms:${HERE}:alias/postern-seal`],
    ['a key, by the id that it was given', `arn:aws:kms:${HERE}:key/${KEY}`],
  ])('%s', (_, arn) => {
    expect(problemsOf('arn:aws:s3:::lake/in/', arn)).toEqual([
      { key: 'something', problem: `${arn} is a part of the broker, which is never brokered; take it out` },
    ]);
  });

  test.each([
    ['the policies, which guard requests for a change', `arn:aws:dynamodb:${HERE}:table/policy_table`],
    ['the principals, which do too', `arn:aws:dynamodb:${HERE}:table/users_table`],
    ["the demo's bank", `arn:aws:dynamodb:${HERE}:table/bank_balances`],
    ['a table of a like name', `arn:aws:dynamodb:${HERE}:table/postern_requests_of_others`],
    ['a function of a like name', `arn:aws:lambda:${HERE}:function:postern-assume-roles`],
    ['a bucket of a like name', 'arn:aws:s3:::postern-data/in/'],
    ['another key', `arn:aws:kms:${HERE}:key/99999999-2222-3333-4444-555555555555`],
  ])('but not %s', (_, arn) => {
    expect(problemsOf(arn)).toEqual([]);
  });

  test("nor anything of the demo's catalog", () => {
    expect(problemsOfOwnParts(readConfigFiles('config').catalog.resources, parts)).toEqual([]);
  });
});
