import { makeRecipientKeyPair } from '../../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import { proposing } from '../../support/scripted-reviewer.ts';
import type { Cloud } from '../../support/start-cloud.ts';
import type { Row, Say } from '../figure.ts';
import { hire } from '../hire.ts';
import { figureOf, measure } from '../measure.ts';
import { startBenchCloud } from '../start-bench-cloud.ts';
import { startStraightLine } from '../start-straight-line.ts';

/** Callers who ask one after the other, each at once when the last answer has come; and how many grants a round takes. */
const ROUNDS = [
  { callers: 1, n: 40 },
  { callers: 4, n: 100 },
  { callers: 16, n: 160 },
  { callers: 64, n: 256 },
];
const ANALYSTS = 64;
const WARM_UP = 20;

async function measureThroughput(cloud: Cloud, say: Say): Promise<Row[]> {
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:GetItem']));
  const analysts = await hire(cloud, ANALYSTS, 'analyst');
  const { publicKey: recipientKey } = await makeRecipientKeyPair();
  let nth = 0;
  let failed = 0;
  const grantTo = (people: readonly string[]) => async () => {
    const call = cloud.as(people[nth++ % people.length] ?? '');
    const reason = 'The report needs the operational metrics.';
    const { status } = await call('POST', '/credentials', { reason, recipientKey });
    if (status !== 200) failed += 1;
  };
  const rowOf = async (what: string, n: number, run: () => Promise<readonly number[]>): Promise<Row> => {
    say(`${what} …`);
    failed = 0;
    const startedAt = performance.now();
    const { p50, p95 } = figureOf(await run());
    const seconds = (performance.now() - startedAt) / 1000;
    const grants = Math.round(((n - failed) / seconds) * 10) / 10;
    return { what, 'grants a second': grants, 'p50 ms': p50, 'p95 ms': p95, 'not granted': failed };
  };

  await measure(WARM_UP, 2, grantTo(analysts));
  const rows: Row[] = [];
  for (const { callers, n } of ROUNDS)
    rows.push(await rowOf(`${callers} callers`, n, () => measure(n, callers, grantTo(analysts))));
  const [only = ''] = analysts;
  rows.push(await rowOf('16 callers, all of them one principal', 96, () => measure(96, 16, grantTo([only]))));
  const straightLine = await startStraightLine(cloud);
  try {
    await straightLine.run({ n: WARM_UP, concurrency: 1, principalIds: analysts });
    const line = { n: 160, concurrency: 16, principalIds: analysts };
    rows.push(
      await rowOf(
        '16 callers, the straight line',
        line.n,
        async () => (await straightLine.run(line)).samples,
      ),
    );
  } finally {
    await straightLine.close();
  }
  return rows;
}

/** Grants a second with more and more callers, to where more callers only wait longer. */
export async function takeFigure(say: Say): Promise<Row[]> {
  const cloud = await startBenchCloud('whole');
  try {
    return await measureThroughput(cloud, say);
  } finally {
    await cloud.close();
  }
}
