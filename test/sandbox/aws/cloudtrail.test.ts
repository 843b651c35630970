import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callJson, callQuery, type Keys, post } from './signed-call.ts';
import { ACCOUNT, allow, document, role, roleArn, type Small, startSmall } from './small-endpoint.ts';

let small: Small;
let reader: Keys;
const TRUST = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const MINUTE = 60;

type Event = {
  EventId: string;
  EventName: string;
  EventTime: number;
  Username: string;
  CloudTrailEvent: string;
  Resources: { ResourceName: string }[];
};
type Answer = { status: number; body: { Events: Event[]; NextToken?: string; __type?: string } };

async function lookUp(input: object, keys = reader): Promise<Answer> {
  const response = await post(small.aws.url, keys, 'cloudtrail', JSON.stringify(input), {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents',
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
const namesIn = ({ body }: Answer) => body.Events.map(({ EventName }) => EventName);
const attribute = (AttributeKey: string, AttributeValue: string) => ({
  LookupAttributes: [{ AttributeKey, AttributeValue }],
});

beforeAll(async () => {
  small = await startSmall({ roles: [role('worker', TRUST, allow('kms:ListKeys'))] });
  reader = small.user('reader', [allow('cloudtrail:LookupEvents')]);
  const worker = small.aws.credentials.issueForRole(roleArn('worker'), 'at-work');
  for (const keys of [small.admin, worker, worker])
    await callJson(small.aws.url, keys, 'TrentService.ListKeys', {});
  await callJson(small.aws.url, reader, 'TrentService.ListKeys', {});
  await callQuery(small.aws.url, small.admin, 'sts', { Action: 'GetCallerIdentity' });
  await callQuery(small.aws.url, small.admin, 'iam', { Action: 'GetRole', RoleName: 'worker' });
});
afterAll(() => small.aws.close());

describe('LookupEvents', () => {
  test('tells the calls that the sandbox served, newest first, with who made them', async () => {
    const { body, status } = await lookUp(attribute('EventName', 'ListKeys'));
    expect(status).toBe(200);
    const records = body.Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent));
    expect(records.map(({ userIdentity }) => userIdentity.arn)).toEqual([
      `arn:aws:iam::${ACCOUNT}:user/reader`,
      `arn:aws:sts::${ACCOUNT}:assumed-role/worker/at-work`,
      `arn:aws:sts::${ACCOUNT}:assumed-role/worker/at-work`,
      `arn:aws:iam::${ACCOUNT}:user/admin`,
    ]);
    expect(records[1]).toMatchObject({
      userIdentity: {
        type: 'AssumedRole',
        sessionContext: { sessionIssuer: { type: 'Role', arn: roleArn('worker') } },
      },
      ...{ eventSource: 'kms.amazonaws.com', readOnly: true, managementEvent: true },
    });
    // A denial is an event, by CloudTrail's name for it.
    expect(records[0]).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: expect.stringContaining('kms:ListKeys'),
    });
  });

  test.each([
    ['EventSource', 'sts.amazonaws.com', ['GetCallerIdentity']],
    ['Username', 'at-work', ['ListKeys', 'ListKeys']],
    ['AccessKeyId', 'nobody’s', []],
    ['EventName', 'listkeys', []],
  ])('by %s %s', async (key, value, names) => {
    expect(namesIn(await lookUp(attribute(key, value)))).toEqual(names);
  });

  test('by its id, and by whether it only reads; itself it tells, too', async () => {
    const [first] = (await lookUp(attribute('EventName', 'GetCallerIdentity'))).body.Events;
    expect((await lookUp(attribute('EventId', first?.EventId ?? ''))).body.Events).toEqual([first]);
    expect(namesIn(await lookUp(attribute('ReadOnly', 'true')))).toContain('LookupEvents');
    expect(namesIn(await lookUp(attribute('ReadOnly', 'false')))).toEqual([]);
  });

  test('page by page each event once, whatever comes meanwhile; of IAM in its own region alone', async () => {
    const found: string[] = [];
    let NextToken: string | undefined;
    do {
      const page: Answer = await lookUp({
        ...attribute('EventSource', 'kms.amazonaws.com'),
        MaxResults: 1,
        NextToken,
      });
      found.push(...page.body.Events.map(({ EventId }) => EventId));
      NextToken = page.body.NextToken;
      if (found.length === 1) await callJson(small.aws.url, small.admin, 'TrentService.ListAliases', {});
    } while (NextToken);
    expect([found.length, new Set(found).size]).toEqual([4, 4]);
    expect(namesIn(await lookUp(attribute('EventSource', 'iam.amazonaws.com')))).toEqual([]);
  });

  test('within a time', async () => {
    const now = Date.now() / 1000;
    expect(
      (await lookUp({ StartTime: now - MINUTE, EndTime: now + MINUTE })).body.Events.length,
    ).toBeGreaterThan(4);
    expect(namesIn(await lookUp({ EndTime: now - MINUTE * 60 }))).toEqual([]);
    expect(namesIn(await lookUp({ EventCategory: 'insight' }))).toEqual([]);
  });

  test.each([
    ['InvalidTimeRangeException', { StartTime: 2, EndTime: 1 }],
    ['InvalidTimeRangeException', { StartTime: 'yesterday' }],
    ['InvalidMaxResultsException', { MaxResults: 51 }],
    ['InvalidMaxResultsException', { MaxResults: 0 }],
    ['InvalidLookupAttributesException', { LookupAttributes: [{}, {}] }],
    ['InvalidLookupAttributesException', attribute('constructor', 'x')],
    ['InvalidLookupAttributesException', { LookupAttributes: [null] }],
    ['InvalidLookupAttributesException', { LookupAttributes: 'EventName' }],
    ['InvalidNextTokenException', { NextToken: 'x.1' }],
    ['InvalidNextTokenException', { NextToken: 7 }],
    ['InvalidEventCategoryException', { EventCategory: 'data' }],
  ])('refuses with %s: %j', async (code, input) => {
    const { status, body } = await lookUp(input);
    expect([status, body.__type]).toEqual([400, expect.stringContaining(code)]);
  });

  test('asks IAM', async () => {
    const { status, body } = await lookUp({}, small.user('stranger', [allow('kms:*')]));
    expect([status, body.__type]).toEqual([400, expect.stringContaining('AccessDenied')]);
  });

  test('takes a token for the look-up alone that it was given for', async () => {
    const { body } = await lookUp({ MaxResults: 1 });
    const other = await lookUp({ MaxResults: 2, NextToken: body.NextToken });
    expect(other.body.__type).toContain('InvalidNextTokenException');
  });
});
