import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { buttonsOf } from '../../../sandbox/slack/act-as-person.ts';
import type { Message } from '../../../sandbox/slack/workspace.ts';
import { proposing } from '../../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../../support/slack-of-cloud.ts';
import { type Cloud, until } from '../../support/start-cloud.ts';
import type { Row, Say } from '../figure.ts';
import { hire } from '../hire.ts';
import { megabytes, memory } from '../memory.ts';
import { startBenchCloud } from '../start-bench-cloud.ts';

/** Requests that wait at once, and how many are asked for, or answered, at a time. */
const WAITING = Number(process.env.WAITING ?? 1000);
const AT_ONCE = 20;
/** Principals who ask: one's records go into one chain, one after the other. */
const CLERKS = 50;
const PATIENCE_MS = 5 * 60_000;
const CHANNEL = '#access-approvals';

async function inParallel<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items];
  const work = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** The row once people have answered, or as it is when patience ends. */
async function endedBy(end: number, look: () => Promise<RequestRow>): Promise<RequestRow> {
  for (;;) {
    const row = await look();
    if (row.status !== 'AWAITING_APPROVAL' || Date.now() > end) return row;
    await sleep(100);
  }
}

/** Parks requests on approval, each with a message of its own, approves them all in Slack, and waits for their end. */
async function measureWaiting(cloud: Cloud, slack: SlackOfCloud, say: Say): Promise<Row[]> {
  let proposed = 0;
  const actions = [['dynamodb:GetItem'], ['dynamodb:Query'], ['dynamodb:GetItem', 'dynamodb:Query']];
  cloud.reviewer.says(() => {
    proposed += 1;
    return proposing('bank_customer_profiles', actions[proposed % 3] ?? [], {
      durationSeconds: 900 + Math.floor(proposed / 3),
    });
  });
  const clerks = await hire(cloud, CLERKS, 'clerk');
  const before = memory();
  const asking = performance.now();
  const ids: string[] = [];
  await inParallel([...Array(WAITING).keys()], async (nth) => {
    ids.push(
      await slack.ask(clerks[nth % clerks.length] ?? '', 'requests', {
        reason: `The case at hand, number ${nth}, needs it.`,
      }),
    );
    if (ids.length % 100 === 0) say(`${ids.length} wait …`);
  });
  const asked = () => slack.workspace.messagesIn(CHANNEL).filter((message) => buttonsOf(message).length > 0);
  await until(
    async () => asked().length,
    (posted) => posted === WAITING,
  );
  const parkedMs = performance.now() - asking;
  const parked = memory();
  const approving = performance.now();
  let answered = 0;
  let unanswered = 0;
  await inParallel(asked(), async (message: Message) => {
    // As a person does whom Slack tells that there was no answer.
    while ((await slack.click('U0APPROVER1', message, 'approve')).status !== 200) unanswered += 1;
    answered += 1;
    if (answered % 100 === 0) say(`${answered} approved …`);
  });
  const ended: RequestRow[] = [];
  const end = Date.now() + PATIENCE_MS;
  for (const id of ids) ended.push(await endedBy(end, () => slack.rowOf(id)));
  const approvedMs = performance.now() - approving;
  const ends = new Map<string, number>();
  for (const { status, closedBecause = '' } of ended) {
    const how = `${status} ${closedBecause}`.trim();
    ends.set(how, (ends.get(how) ?? 0) + 1);
  }
  if (ends.get('READY') !== WAITING) throw new Error(`not all are ready: ${JSON.stringify([...ends])}`);
  const seconds = (ms: number) => Math.round(ms / 1000);
  return [
    { what: 'requests that wait at once', measured: WAITING },
    { what: 'to park all, s', measured: seconds(parkedMs) },
    { what: 'to approve and end all, s', measured: seconds(approvedMs) },
    { what: 'clicks that Slack had to be told of twice', measured: unanswered },
    { what: 'memory before, MB', measured: megabytes(before.rss) },
    { what: 'memory while all wait, MB', measured: megabytes(parked.rss) },
    { what: 'memory after, MB', measured: megabytes(memory().rss) },
    {
      what: 'main heap a parked request, kB',
      measured: Math.round((parked.heap - before.heap) / WAITING / 1024),
    },
  ];
}

/** A thousand requests that wait for approval at once: what they take, and how long until all are ended. */
export async function takeFigure(say: Say): Promise<Row[]> {
  const cloud = await startBenchCloud('whole', {
    tiers: [{ name: 'access-approvers', channel: CHANNEL, approverGroup: 'approvers', timeoutSeconds: 3600 }],
  });
  try {
    return await measureWaiting(cloud, slackOf(cloud), say);
  } finally {
    await cloud.close();
  }
}
