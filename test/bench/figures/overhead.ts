import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT_ID } from '../../../demo/place.ts';
import { makeRecipientKeyPair } from '../../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import { proposing } from '../../support/scripted-reviewer.ts';
import type { Cloud } from '../../support/start-cloud.ts';
import type { Row, Say, Size } from '../figure.ts';
import { hire } from '../hire.ts';
import { keysOfMint } from '../keys-of-mint.ts';
import { type Figure, figureOf, measure } from '../measure.ts';
import { partsOf } from '../parts-of-history.ts';
import { startBenchCloud } from '../start-bench-cloud.ts';
import { startStraightLine } from '../start-straight-line.ts';
import type { StraightLineAnswer } from '../straight-line-messages.ts';

/** So many grants, so many at once, to so many principals in turn: one's records are one chain, written in line. */
type Round = { readonly concurrency: number; readonly n: number; readonly analysts: number };
type Plan = {
  /**
   * How often everybody of the first round is granted something before it: all that is kept of anybody is kept then,
   * and the code is compiled, as it is in a function that is in use.
   */
  readonly warmUps: number;
  readonly rounds: readonly [Round, ...Round[]];
};
const PLANS: Readonly<Record<Size, Plan>> = {
  whole: {
    warmUps: 10,
    rounds: [
      { concurrency: 1, n: 100, analysts: 10 },
      { concurrency: 10, n: 200, analysts: 50 },
      { concurrency: 50, n: 300, analysts: 50 },
    ],
  },
  short: {
    warmUps: 1,
    rounds: [
      { concurrency: 1, n: 3, analysts: 1 },
      { concurrency: 5, n: 10, analysts: 3 },
    ],
  },
};

const ratio = (left: Figure, right: Figure): number => Math.round((left.p50 / right.p50) * 10) / 10;

/** The same session, asked of STS alone: what no broker can do without. */
function bareOf(cloud: Cloud) {
  const sts = new STSClient({ ...cloud.clientOptions, credentials: keysOfMint(cloud) });
  const ask = () =>
    sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${ACCOUNT_ID}:role/postern-brokered-internal`,
        RoleSessionName: 'bench',
        SourceIdentity: 'analyst1',
        DurationSeconds: 900,
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
        }),
        Tags: [
          { Key: 'postern:request-id', Value: 'bench' },
          { Key: 'postern:principal', Value: 'analyst1' },
        ],
      }),
    );
  return { ask, end: () => sts.destroy() };
}

/** From POST to the sealed session, over HTTP, by a reviewer that answers at once; remembers each request's id. */
async function grantOf(cloud: Cloud, analysts: readonly string[], ids: string[], failures: unknown[]) {
  const { publicKey: recipientKey } = await makeRecipientKeyPair();
  const calls = analysts.map((id) => cloud.as(id));
  let nth = 0;
  return async () => {
    const call = calls[nth++ % calls.length];
    const reason = 'The report needs the operational metrics.';
    const answer = await call?.('POST', '/credentials', { reason, recipientKey });
    if (answer?.status === 200) ids.push(idIn(String(answer.body.sealed)));
    else failures.push(answer);
  };
}

/** The request id that a sealed session names in its header. */
const idIn = (jwe: string): string =>
  String(JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString()).requestId);

async function measureOverhead(cloud: Cloud, { rounds, warmUps }: Plan, say: Say): Promise<Row[]> {
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:GetItem']));
  const hired = await hire(cloud, Math.max(...rounds.map(({ analysts }) => analysts)), 'analyst');
  const ids: string[] = [];
  const failures: unknown[] = [];
  const [bare, straightLine] = [bareOf(cloud), await startStraightLine(cloud)];
  const rows: Row[] = [];
  try {
    const first = hired.slice(0, rounds[0].analysts);
    const warmUp = first.length * warmUps;
    await measure(warmUp, 1, await grantOf(cloud, first, ids, failures));
    await measure(warmUp, 1, bare.ask);
    await straightLine.run({ n: warmUp, concurrency: 1, principalIds: first });
    for (const { concurrency, n, analysts } of rounds) {
      const asking = hired.slice(0, analysts);
      const grant = await grantOf(cloud, asking, ids, failures);
      say(`${n} grants, ${concurrency} at once …`);
      const alone = figureOf(await measure(n, concurrency, bare.ask));
      const straight = await straightLine.run({ n, concurrency, principalIds: asking });
      const [straightFigure, from, failed] = [figureOf(straight.samples), ids.length, failures.length];
      const broker = figureOf(await measure(n, concurrency, grant));
      rows.push({
        what: `${concurrency} at once`,
        'broker p50': broker.p50,
        'broker p95': broker.p95,
        'straight line p50': straightFigure.p50,
        'straight line p95': straightFigure.p95,
        ...(concurrency === 1 && {
          'own code p50': figureOf(straight.own).p50,
          'own code p95': figureOf(straight.own).p95,
        }),
        'bare STS p50': alone.p50,
        '× straight line': ratio(broker, straightFigure),
        '× bare STS': ratio(broker, alone),
        'not granted': failures.length - failed,
      });
      if (failures.length > failed) say(`  not granted: ${JSON.stringify(failures.at(-1))}`);
      if (concurrency > 1) continue;
      rows.push(...(await partRows(cloud, ids.slice(from), straight)));
    }
    return rows;
  } finally {
    bare.end();
    await straightLine.close();
  }
}

/** What each state took, in the engine and in the straight line. */
async function partRows(
  cloud: Cloud,
  ids: readonly string[],
  straight: Pick<StraightLineAnswer, 'parts' | 'ownParts'>,
): Promise<Row[]> {
  const broker = new Map<string, number[]>();
  for (const id of ids) {
    for (const [name, ms] of partsOf(await cloud.historyOf(id)))
      broker.set(name, [...(broker.get(name) ?? []), ms]);
  }
  const [line, own] = [new Map(straight.parts), new Map(straight.ownParts)];
  const p50 = (column: string, samples: number[] | undefined) =>
    samples && { [`${column} p50`]: figureOf(samples).p50, [`${column} p95`]: figureOf(samples).p95 };
  return [...new Set([...broker.keys(), ...line.keys()])].map((name) => ({
    what: `  ${name}`,
    ...p50('broker', broker.get(name)),
    ...p50('straight line', line.get(name)),
    ...p50('own code', own.get(name)),
  }));
}

/** What the broker adds, in milliseconds, beside the same steps without an engine, and beside STS alone. */
export async function takeFigure(say: Say, size: Size): Promise<Row[]> {
  const cloud = await startBenchCloud(size);
  try {
    return await measureOverhead(cloud, PLANS[size], say);
  } finally {
    await cloud.close();
  }
}
