import { setTimeout as sleep } from 'node:timers/promises';
import type { CfnTemplate } from '../../sandbox/template/types.ts';
import { hire } from '../bench/hire.ts';
import { slackOf } from '../support/slack-of-cloud.ts';
import { approveAll } from './approve-all.ts';
import { CALLERS, type CallerName } from './callers.ts';
import { type Broken, checkInvariants } from './check-invariants.ts';
import { makeFaults, type Trouble } from './faults.ts';
import { type Journal, newJournal, noteMinted } from './journal.ts';
import { oneOf, type Random, randomOf } from './random.ts';
import { settle } from './settle.ts';
import { CHANNEL, startChaosCloud } from './start-chaos-cloud.ts';

/** Waits of the workflow are this much shorter: retries come at once, an unclaimed session expires in seconds. */
const CLOCK_SPEED = 150;
const ANALYSTS = 12;
const CLERKS = 6;
/** Milliseconds within which a storm's callers come. */
const SPREAD_MS = 400;
/** Milliseconds until everything must have ended, once all is well again. */
const SETTLE_MS = 300_000;

export type Scene = Trouble & {
  readonly requests: number;
  readonly faults: number;
  /** Of its requests, those whose callers got their session. */
  readonly delivered: number;
};
type StormResult = Awaited<ReturnType<typeof checkInvariants>> & {
  readonly scenes: readonly Scene[];
  readonly broken: readonly Broken[];
};

type StormOptions = {
  readonly seed: number;
  readonly troubles: readonly Trouble[];
  /** Callers in each trouble. */
  readonly callers: number;
  /** Milliseconds for which a caller goes on asking. */
  readonly patienceMs: number;
  /** Without them, those that all tests share. */
  readonly deployed?: { readonly template: CfnTemplate; readonly bundles: string };
  readonly onScene?: (scene: Scene) => void;
};

const names = Object.keys(CALLERS) as [CallerName, ...CallerName[]];

/** Every trouble in turn over a mix of callers; then all is well again, and what must hold is looked at. */
export async function storm({
  seed,
  troubles,
  callers,
  patienceMs,
  deployed,
  onScene,
}: StormOptions): Promise<StormResult> {
  const random = randomOf(seed);
  const faults = makeFaults(random);
  const journal: Journal = newJournal();
  const cloud = await startChaosCloud(
    { decide: faults.decide, onMint: (requestId) => noteMinted(journal, requestId) },
    { clockSpeed: CLOCK_SPEED, ...deployed },
  );
  const endApproving = approveAll(slackOf(cloud), CHANNEL);
  try {
    // What is troubled are calls, not the loading of functions.
    await cloud.warm();
    const analysts = await hire(cloud, ANALYSTS, 'analyst');
    const clerks = await hire(cloud, CLERKS, 'clerk');
    const come = async (name: CallerName, nth: number): Promise<void> => {
      const people = name === 'needsApproval' ? clerks : analysts;
      const id = people[Math.floor(random() * people.length)] ?? '';
      const lateMs = random() * SPREAD_MS;
      await sleep(lateMs);
      let keys = 0;
      const newIdempotencyKey = () => `${seed}-${nth}-${keys++}`;
      await CALLERS[name]({ call: cloud.as(id), journal, newIdempotencyKey, patienceMs });
    };
    const scenes: Scene[] = [];
    let nth = 0;
    for (const trouble of troubles) {
      faults.set(trouble);
      const [before, deliveredBefore] = [nth, journal.delivered.size];
      await Promise.all(callersOf(random, callers).map((name) => come(name, nth++)));
      const scene = {
        ...trouble,
        requests: nth - before,
        faults: faults.injected(),
        delivered: journal.delivered.size - deliveredBefore,
      };
      scenes.push(scene);
      onScene?.(scene);
    }
    faults.set(undefined);
    await settle(cloud, SETTLE_MS);
    return { scenes, ...(await checkInvariants(cloud, journal)) };
  } finally {
    await endApproving();
    await cloud.close();
  }
}

/** Every kind of caller where there are enough, the others by chance. */
function callersOf(random: Random, count: number): CallerName[] {
  return Array.from({ length: count }, (_, nth) => names[nth] ?? oneOf(random, names));
}
