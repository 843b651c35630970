import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Consumed } from '../../sandbox/aws/dynamodb/consumed-units.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, statesIn, until } from '../support/start-cloud.ts';
import { template } from '../support/template.ts';

const FILE = 'docs/cost.md';
const COUNTED = /(?<=<!-- counted -->\n).*?(?=<!-- \/counted -->)/s;
const STANDING = /(?<=<!-- standing -->\n).*?(?=<!-- \/standing -->)/s;
/** Invoked by streams, once for several changes or for each, or only where callbacks are set up: not counted. */
const BY_STREAMS = [
  'postern-archive-audit',
  'postern-update-messages',
  'postern-tell-suspension',
  'postern-deliver-callback',
];
const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems']);

type Counts = { transitions: number; invocations: number; writeUnits: number; readUnits: number };

let cloud: Cloud;
let invoked: string[] = [];
let consumed: Consumed[] = [];
beforeAll(async () => {
  cloud = await startCloud({
    tiers: [{ name: 'access-approvers', channel: '#any', approverGroup: 'approvers', timeoutSeconds: 60 }],
    onInvoke: (name) => {
      if (!BY_STREAMS.includes(name)) invoked.push(name);
    },
  });
  cloud.aws.meter((metered) => {
    const byStreams = BY_STREAMS.some((name) => metered.callerArn.endsWith(`/${name}`));
    const waiting =
      metered.callerArn.endsWith('/postern-front-door') &&
      metered.table === 'postern_requests' &&
      metered.operation === 'GetItem';
    const ofFunction = metered.callerArn.includes(':assumed-role/postern-');
    if (ofFunction && !byStreams && !waiting) consumed.push(metered);
  });
});
afterAll(() => cloud.close());

const idOf = ({ body }: { body: Record<string, unknown> }) => String(body.requestId);

/** What a request takes from its asking to the end of its execution. */
async function countOf(request: () => Promise<string>): Promise<Counts> {
  invoked = [];
  consumed = [];
  const requestId = await request();
  const history = await until(
    () => cloud.historyOf(requestId),
    (events) => events.at(-1)?.type === 'ExecutionSucceeded',
  );
  const units = (writes: boolean) =>
    consumed
      .filter(({ operation }) => WRITES.has(operation) === writes)
      .reduce((sum, metered) => sum + metered.units, 0);
  return {
    transitions: statesIn(history).length + 1,
    invocations: invoked.length,
    writeUnits: units(true),
    readUnits: units(false),
  };
}

async function granted(): Promise<string> {
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
  const analyst = cloud.as('analyst1');
  const reason = 'The weekly report needs the operational metrics.';
  const requestId = idOf(await analyst('POST', '/requests?wait=20', { reason }));
  expect((await analyst('POST', `/requests/${requestId}/credentials`, {})).status).toBe(200);
  return requestId;
}

async function approved(): Promise<string> {
  const slack = slackOf(cloud);
  cloud.reviewer.says(proposing('bank_customer_profiles', ['dynamodb:GetItem']));
  const requestId = await slack.ask('employee1');
  await slack.click('U0APPROVER1', await slack.message('#any', requestId), 'approve');
  expect((await slack.ended(requestId)).status).toBe('READY');
  const claimed = await cloud.as('employee1')('POST', `/requests/${requestId}/credentials`, {});
  expect(claimed.status).toBe(200);
  return requestId;
}

/** The figures of the table: transitions, invocations, write units and read units of each row. */
const figuresIn = (table: string): number[] =>
  [...table.matchAll(/(?<=\| )\d+(?= \|)/g)].map(([figure]) => Number(figure));

/** Units by which two runs may differ: what is written twice where two writers meet, an item just over a kilobyte. */
const OFF_BY = 2;

const rowOf = (name: string, { transitions, invocations, writeUnits, readUnits }: Counts) =>
  `| ${name} | ${transitions} | ${invocations} | ${writeUnits} | ${readUnits} |\n`;

test('the table of costs is what two real executions take', async () => {
  const [atOnce, byPeople] = [await countOf(granted), await countOf(approved)];
  expect(atOnce.transitions).toBeLessThanOrEqual(9);
  const table = `| a request | transitions | invocations | DynamoDB write units | DynamoDB read units |
|---|---|---|---|---|
${rowOf('granted at once, and claimed', atOnce)}${rowOf('approved by one person, and claimed', byPeople)}`;
  const text = readFileSync(FILE, 'utf8');
  if (process.env.POSTERN_WRITE_COST) writeFileSync(FILE, text.replace(COUNTED, table));
  else {
    const [written = [], counted = []] = [COUNTED.exec(text)?.[0] ?? '', table].map(figuresIn);
    expect(written.length).toBe(counted.length);
    for (const [index, figure] of counted.entries())
      expect(Math.abs(figure - (written[index] ?? Number.NaN))).toBeLessThanOrEqual(
        index % 4 < 2 ? 0 : OFF_BY,
      );
  }
});

test('what it costs to let it stand is counted in the template', () => {
  const types = Object.values(template().Resources).map(({ Type }) => Type);
  const count = (type: string) => types.filter((name) => name === type).length;
  const standing = `- ${count('AWS::KMS::Key')} KMS keys, $1 each;
- ${count('AWS::SecretsManager::Secret')} secrets, $0.40 each, and as much for each step-up approver;
- ${count('AWS::CloudWatch::Alarm')} alarms, $0.10 each;
- ${count('AWS::CloudWatch::Dashboard')} dashboard, $3 where it is beyond the three that are free.
`;
  const text = readFileSync(FILE, 'utf8');
  if (process.env.POSTERN_WRITE_COST)
    writeFileSync(
      FILE,
      text.replace(STANDING, () => standing),
    );
  else expect(STANDING.exec(text)?.[0], 'run: npm run docs:cost').toBe(standing);
});
