import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { synthesise } from '../../../sandbox/template/synthesise.ts';
import { approveAll } from '../../chaos/approve-all.ts';
import { CALLERS, type CallerName } from '../../chaos/callers.ts';
import { checkInvariants } from '../../chaos/check-invariants.ts';
import { newJournal, noteMinted } from '../../chaos/journal.ts';
import { oneOf, randomOf } from '../../chaos/random.ts';
import { settle } from '../../chaos/settle.ts';
import { CHANNEL, startChaosCloud } from '../../chaos/start-chaos-cloud.ts';
import { slackOf } from '../../support/slack-of-cloud.ts';
import type { Row, Say } from '../figure.ts';
import { hire } from '../hire.ts';
import { megabytes, memory } from '../memory.ts';

/** A simulated day, and the milliseconds that one of its hours takes. */
const HOURS = Number(process.env.HOURS ?? 24);
const HOUR_MS = 10_000;
/** Waits of the workflow are as much shorter as the hours are. */
const CLOCK_SPEED = (60 * 60 * 1000) / HOUR_MS;
/** Callers who come one after the other, with a pause of up to so many milliseconds between two. */
const AT_ONCE = 5;
const MOST_PAUSE_MS = 300;
const ANALYSTS = 12;
const CLERKS = 6;
const SETTLE_MS = 60_000;
/** The hours that the table shows. */
const SHOWN = new Set([2, 6, 12, 18, 24]);

/** Every thread of the process, as it starts: the functions'. */
function followThreads() {
  const threads = new Set<Worker>();
  const onWorker = (worker: Worker) => {
    threads.add(worker);
    worker.once('exit', () => threads.delete(worker));
  };
  process.on('worker', onWorker);
  return { threads, end: () => process.off('worker', onWorker) };
}

/** Bytes in use in all threads once each has been collected, which is what taking a snapshot of it begins with. */
async function inUse(threads: ReadonlySet<Worker>): Promise<number> {
  let bytes = 0;
  for (const thread of threads) {
    await finished((await thread.getHeapSnapshot()).resume());
    bytes += (await thread.getHeapStatistics()).used_heap_size;
  }
  return bytes;
}

/** A simulated day of callers of every kind: what is in use hour by hour, and whether all they left is in order. */
export async function takeFigure(say: Say): Promise<Row[]> {
  const { threads, end: endFollowing } = followThreads();
  const journal = newJournal();
  const cloud = await startChaosCloud(
    { decide: () => undefined, onMint: (requestId) => noteMinted(journal, requestId) },
    { clockSpeed: CLOCK_SPEED, template: await synthesise('config') },
  );
  const endApproving = approveAll(slackOf(cloud), CHANNEL);
  const random = randomOf(1);
  const names = Object.keys(CALLERS) as [CallerName, ...CallerName[]];
  try {
    const [analysts, clerks] = [await hire(cloud, ANALYSTS, 'analyst'), await hire(cloud, CLERKS, 'clerk')];
    let came = 0;
    let ended = false;
    const comeAndGo = async () => {
      while (!ended) {
        const name = oneOf(random, names);
        const people = name === 'needsApproval' ? clerks : analysts;
        const id = people[Math.floor(random() * people.length)] ?? '';
        const nth = came++;
        let keys = 0;
        const newIdempotencyKey = () => `${nth}-${keys++}`;
        await CALLERS[name]({ call: cloud.as(id), journal, newIdempotencyKey, patienceMs: 10_000 });
        await sleep(random() * MOST_PAUSE_MS);
      }
    };
    const rows: Row[] = [];
    const note = async (what: string): Promise<void> => {
      const { heap, rss } = memory();
      rows.push({
        what,
        'callers so far': came,
        'functions, MB': megabytes(await inUse(threads)),
        'sandbox, MB': megabytes(heap),
        'whole process, MB': megabytes(rss),
        'open handles': process.getActiveResourcesInfo().length,
      });
    };
    await cloud.warm();
    await note('before anybody came');
    const handlesBefore = process.getActiveResourcesInfo().length;
    const traffic = Promise.all(Array.from({ length: AT_ONCE }, comeAndGo));
    for (let hour = 1; hour <= HOURS; hour += 1) {
      await sleep(HOUR_MS);
      say(`hour ${hour}, ${came} callers so far …`);
      if (SHOWN.has(hour)) await note(`after ${hour} hours`);
    }
    ended = true;
    await traffic;
    await settle(cloud, SETTLE_MS);
    // Connections that nobody uses any more are closed after a while.
    const end = Date.now() + SETTLE_MS;
    while (process.getActiveResourcesInfo().length > handlesBefore && Date.now() < end) await sleep(500);
    await note('once all was quiet');
    const { broken } = await checkInvariants(cloud, journal);
    if (broken.length > 0) throw new Error(`broken: ${JSON.stringify(broken)}`);
    return rows;
  } finally {
    await endApproving();
    await cloud.close();
    endFollowing();
  }
}
