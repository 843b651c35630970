import { mkdirSync, writeFileSync } from 'node:fs';
import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { bootSandbox } from '../../sandbox/boot.ts';
import { makeApiCaller } from '../../sandbox/call-api.ts';
import { ACCOUNT_ID, REGION } from '../../sandbox/place.ts';
import { type Figure, figureOf, measure } from './measure.ts';
import { partsOf } from './parts-of-history.ts';

/** Requests a round; the first ones, in which everything is loaded, are not counted. */
const ROUNDS = [
  { concurrency: 1, n: 60 },
  { concurrency: 10, n: 200 },
  { concurrency: 50, n: 300 },
];
const WARM_UP = 10;

const sandbox = await bootSandbox();
const { urls, aws, access } = sandbox;
const key = access.principals.analyst1;
if (!key) throw new Error('the demo has no analyst1');
const call = makeApiCaller(urls.api, key);
const ids: string[] = [];

/** From POST to credentials, by a reviewer that answers at once. */
async function grant(): Promise<void> {
  const asked = await call('POST', '/requests?wait=20', {
    reason: 'The report needs the operational metrics.',
  });
  const requestId = String(asked.body.requestId);
  const claimed = await call('POST', `/requests/${requestId}/credentials`, {});
  if (claimed.status !== 200) throw new Error(`not granted: ${JSON.stringify(claimed.body)}`);
  ids.push(requestId);
}

const role = aws.credentials.issueForRole(`arn:aws:iam::${ACCOUNT_ID}:role/postern-assume-role`, 'bench');
const sts = new STSClient({ endpoint: urls.aws, region: REGION, credentials: role });
/** What the fast path cannot do without: the same session, asked of STS alone. */
const bare = () =>
  sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${ACCOUNT_ID}:role/postern-brokered-internal`,
      RoleSessionName: 'bench',
      SourceIdentity: 'analyst1',
      DurationSeconds: 900,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
      Tags: [
        { Key: 'postern:request-id', Value: 'bench' },
        { Key: 'postern:principal', Value: 'analyst1' },
      ],
    }),
  );

type Row = { what: string } & Figure & { ratio?: number };
const rows: Row[] = [];
await measure(WARM_UP, 1, grant);
ids.length = 0;
const baseline = figureOf(await measure(100, 1, bare));
rows.push({ what: 'sts:AssumeRole alone, at the same endpoint', ...baseline });
for (const { concurrency, n } of ROUNDS) {
  process.stderr.write(`measuring ${n} grants, ${concurrency} at once …\n`);
  const figure = figureOf(await measure(n, concurrency, grant));
  rows.push({
    what: `POST to credentials, ${concurrency} at once`,
    ...figure,
    ratio: Math.round(figure.p50 / baseline.p50),
  });
}

const admin = aws.credentials.issueForRole(`arn:aws:iam::${ACCOUNT_ID}:role/postern-close-request`, 'bench');
aws.credentials.add({
  ...admin,
  caller: {
    ...admin.caller,
    identityPolicies: [{ Statement: [{ Effect: 'Allow', Action: 'states:*', Resource: '*' }] }],
  },
});
const stepFunctions = new SFNClient({ endpoint: urls.aws, region: REGION, credentials: admin });
const arn = `arn:aws:states:${REGION}:${ACCOUNT_ID}:execution:access-request`;
const parts = new Map<string, number[]>();
for (const id of ids.slice(0, ROUNDS[0]?.n)) {
  const { events = [] } = await stepFunctions.send(
    new GetExecutionHistoryCommand({ executionArn: `${arn}:${id}`, maxResults: 1000 }),
  );
  for (const [name, ms] of partsOf(events)) parts.set(name, [...(parts.get(name) ?? []), ms]);
}
for (const [name, samples] of parts) rows.push({ what: `  ${name}`, ...figureOf(samples) });

sts.destroy();
stepFunctions.destroy();
await sandbox.close();

console.table(
  rows.map(({ what, p50, p95, n, ratio }) => ({
    what,
    'p50 ms': p50,
    'p95 ms': p95,
    n,
    '× bare STS': ratio ?? '',
  })),
);
mkdirSync('test/bench/results', { recursive: true });
writeFileSync(
  'test/bench/results/overhead.json',
  `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`,
);
