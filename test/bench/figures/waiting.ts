import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { buttonsOf } from '../../../sandbox/slack/act-as-person.ts';
import type { Message } from '../../../sandbox/slack/workspace.ts';
import { synthesise } from '../../../sandbox/template/synthesise.ts';
import { proposing } from '../../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../../support/start-cloud.ts';
import { hireClerks } from '../hire-clerks.ts';

/** Requests that wait at once, and how many are asked for, or answered, at a time. */
const WAITING = Number(process.env.WAITING ?? 1000);
const AT_ONCE = 20;
/** Principals who ask: one's records go into one chain, one after the other. */
const CLERKS = 50;
const PATIENCE_MS = 5 * 60_000;
const CHANNEL = '#access-approvals';

const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);

/** What the whole process holds: every function runs in a thread of it. */
function memory(): { rss: number; heap: number } {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heap: heapUsed };
}

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
async function measureWaiting(cloud: Cloud, slack: SlackOfCloud) {
  let proposed = 0;
  const actions = [['dynamodb:GetItem'], ['dynamodb:Query'], ['dynamodb:GetItem', 'dynamodb:Query']];
  cloud.reviewer.says(() => {
    proposed += 1;
    return proposing('bank_customer_profiles', actions[proposed % 3] ?? [], {
      durationSeconds: 900 + Math.floor(proposed / 3),
    });
  });
  const clerks = await hireClerks(cloud, CLERKS);
  const before = memory();
  const asking = performance.now();
  const ids: string[] = [];
  await inParallel([...Array(WAITING).keys()], async (nth) => {
    ids.push(
      await slack.ask(clerks[nth % clerks.length] ?? '', 'requests', {
        reason: `The case at hand, number ${nth}, needs it.`,
      }),
    );
    if (ids.length % 100 === 0) process.stderr.write(`${ids.length} wait …\n`);
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
  await inParallel(asked(), async (message: Message) => {
    await slack.click('U0APPROVER1', message, 'approve');
    answered += 1;
    if (answered % 100 === 0) process.stderr.write(`${answered} approved …\n`);
  });
  const ended: RequestRow[] = [];
  const end = Date.now() + PATIENCE_MS;
  for (const id of ids) ended.push(await endedBy(end, () => slack.rowOf(id)));
  const approvedMs = performance.now() - approving;
  const statuses = Object.groupBy(ended, ({ status }) => status);
  if (statuses.READY?.length !== WAITING)
    throw new Error(
      `not all are ready: ${JSON.stringify(Object.entries(statuses).map(([name, rows]) => [name, rows?.length]))}`,
    );
  return {
    waiting: WAITING,
    'to park all, s': Math.round(parkedMs / 1000),
    'to approve and end all, s': Math.round(approvedMs / 1000),
    'memory before, MB': megabytes(before.rss),
    'memory parked, MB': megabytes(parked.rss),
    'memory after, MB': megabytes(memory().rss),
    'main heap per parked request, kB': Math.round((parked.heap - before.heap) / WAITING / 1024),
  };
}

const cloud = await startCloud({
  template: await synthesise('config'),
  tiers: [{ name: 'access-approvers', channel: CHANNEL, approverGroup: 'approvers', timeoutSeconds: 3600 }],
  limits: { human: { requestsPerHour: 10_000, openRequests: 2000, liveSessions: 2000 } },
});
try {
  const figure = await measureWaiting(cloud, slackOf(cloud));
  console.table(Object.entries(figure).map(([what, measured]) => ({ what, measured })));
  mkdirSync('test/bench/results', { recursive: true });
  const result = { node: process.version, ...figure };
  writeFileSync('test/bench/results/waiting.json', `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await cloud.close();
}
