import { setTimeout as sleep } from 'node:timers/promises';
import { makeRecipientKeyPair } from '../../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import type { Consumed } from '../../../sandbox/aws/dynamodb/consumed-units.ts';
import { proposing } from '../../support/scripted-reviewer.ts';
import { slackOf } from '../../support/slack-of-cloud.ts';
import { type Cloud, statesIn, until } from '../../support/start-cloud.ts';
import { type FunctionCall, inSequence, watchCalls } from '../count-calls.ts';
import type { Row, Say, Size } from '../figure.ts';
import { hire } from '../hire.ts';
import { PRICES } from '../prices.ts';
import { startBenchCloud } from '../start-bench-cloud.ts';

/** Grants before the one that is counted: functions are warm, and know whom they have met. */
const WARM_UPS = 3;
/** Grants that are counted, of each kind. */
const COUNTED = 3;
/** Milliseconds for streams to be delivered, before and after what is counted. */
const STREAMS_MS = 1_500;

/** Milliseconds that each call takes at least, as on AWS: then what is sent side by side is seen to be, on a busy machine too. */
const ROUND_TRIP_MS = 10;

/** A grant to count: answers its request's id. */
type Grant = () => Promise<string>;

const idIn = (jwe: string): string =>
  String(JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString()).requestId);

/** Asked for and claimed in one call. */
async function grantAtOnce(cloud: Cloud, analyst: string): Promise<Grant> {
  const { publicKey: recipientKey } = await makeRecipientKeyPair();
  const reason = 'The report needs the operational metrics.';
  return async () => {
    cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:GetItem']));
    const { status, body } = await cloud.as(analyst)('POST', '/credentials', { reason, recipientKey });
    if (status !== 200) throw new Error(`not granted: ${JSON.stringify(body)}`);
    return idIn(String(body.sealed));
  };
}

/** Asked for in Slack's approval channel, approved by one person, then claimed. */
function grantByPeople(cloud: Cloud): Grant {
  const slack = slackOf(cloud);
  return async () => {
    cloud.reviewer.says(proposing('bank_customer_profiles', ['dynamodb:GetItem']));
    const requestId = await slack.ask('employee1');
    await slack.click('U0APPROVER1', await slack.message('#any', requestId), 'approve');
    await slack.ended(requestId);
    const claimed = await cloud.as('employee1')('POST', `/requests/${requestId}/credentials`, {});
    if (claimed.status !== 200) throw new Error(`not granted: ${JSON.stringify(claimed.body)}`);
    return requestId;
  };
}

const bytesOf = (calls: readonly FunctionCall[]): number =>
  calls.reduce((sum, { input }) => sum + Buffer.byteLength(JSON.stringify(input)), 0);
const countOf = (calls: readonly FunctionCall[], service: string): number =>
  calls.filter((call) => call.service === service).length;

/** Dollars for a thousand of these calls, units and invocations, to the hundredth of a cent. */
const dollars = (each: number): number => Math.round(each * 1000 * 10_000) / 10_000;

/** A grant's row and those of its functions: of several, the one with the shortest sequence, since a busy machine draws calls apart. */
async function countGrant(what: string, grant: Grant, cloud: Cloud, seen: Seen): Promise<Row[]> {
  for (let nth = 0; nth < WARM_UPS; nth += 1) await grant();
  const counted: Row[][] = [];
  for (let nth = 0; nth < COUNTED; nth += 1) counted.push(await countOne(what, grant, cloud, seen));
  const lengthOf = ([whole]: Row[]) => Number(whole?.inSequence);
  return counted.toSorted((shorter, longer) => lengthOf(shorter) - lengthOf(longer))[0] ?? [];
}

async function countOne(what: string, grant: Grant, cloud: Cloud, seen: Seen): Promise<Row[]> {
  await sleep(STREAMS_MS);
  seen.start();
  const requestId = await grant();
  await until(
    () => cloud.historyOf(requestId),
    (events) => events.at(-1)?.type === 'ExecutionSucceeded',
  );
  await sleep(STREAMS_MS);
  const { onTheWay, byStreams, invoked, units, apiCalls } = seen.take();
  const transitions = statesIn(await cloud.historyOf(requestId)).length + 1;
  const kms = countOf(onTheWay, 'kms');
  const each =
    transitions * PRICES.transitions +
    invoked * PRICES.invocations +
    units.write * PRICES.writeUnits +
    units.read * PRICES.readUnits +
    (kms + countOf(byStreams, 'kms')) * PRICES.kms +
    apiCalls * PRICES.api;
  const whole: Row = {
    what,
    calls: onTheWay.length,
    inSequence: inSequence(onTheWay),
    kms,
    bytes: bytesOf(onTheWay),
    transitions,
    'write units': units.write,
    'read units': units.read,
    'by streams': byStreams.length,
    'archive puts': countOf(byStreams, 's3'),
    'a thousand, $': dollars(each),
    'archive, a thousand, $': dollars(countOf(byStreams, 's3') * PRICES.puts),
  };
  const byFunction = Map.groupBy(onTheWay, ({ functionName }) => functionName);
  const parts = [...byFunction].map(([name, calls]) => ({
    what: `  ${name}`,
    calls: calls.length,
    inSequence: inSequence(calls),
    kms: countOf(calls, 'kms'),
    bytes: bytesOf(calls),
    'which, each once': [...new Set(calls.map(({ operation }) => operation))].join(', '),
  }));
  return [whole, ...parts];
}

type Seen = ReturnType<typeof watchAll>;

/** Everything that a grant makes AWS do, since `start`. */
function watchAll(cloud: Cloud, invocations: { count: number; api: number }) {
  const calls = watchCalls(cloud);
  let units = { read: 0, write: 0 };
  cloud.aws.meter(({ callerArn, operation, units: consumed }: Consumed) => {
    if (!callerArn.includes(':assumed-role/postern-')) return;
    units[/^(?:Put|Update|Delete|TransactWrite)/.test(operation) ? 'write' : 'read'] += consumed;
  });
  return {
    start(): void {
      calls.take();
      units = { read: 0, write: 0 };
      invocations.count = 0;
      invocations.api = 0;
    },
    take: () => ({ ...calls.take(), units, invoked: invocations.count, apiCalls: invocations.api }),
  };
}

/** Every call of AWS in one grant, by function: of one asked for and claimed in one call, and of one that a person approves. */
export async function takeFigure(say: Say, size: Size): Promise<Row[]> {
  const invocations = { count: 0, api: 0 };
  const cloud = await startBenchCloud(size, {
    tiers: [{ name: 'access-approvers', channel: '#any', approverGroup: 'approvers', timeoutSeconds: 60 }],
    onInvoke: (name) => {
      invocations.count += 1;
      if (name === 'postern-front-door') invocations.api += 1;
    },
  });
  try {
    cloud.aws.answerAfter(ROUND_TRIP_MS);
    const seen = watchAll(cloud, invocations);
    const [analyst = ''] = await hire(cloud, 1, 'analyst');
    say('granted at once …');
    const atOnce = await countGrant(
      'granted at once, claimed ahead',
      await grantAtOnce(cloud, analyst),
      cloud,
      seen,
    );
    say('approved by one person …');
    return [
      ...atOnce,
      ...(await countGrant('approved by one person, and claimed', grantByPeople(cloud), cloud, seen)),
    ];
  } finally {
    await cloud.close();
  }
}
