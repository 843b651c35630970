import { readFileSync, writeSync } from 'node:fs';
import { hire } from '../bench/hire.ts';
import { slackOf } from '../support/slack-of-cloud.ts';
import { approveAll } from './approve-all.ts';
import { CALLERS, type CallerName } from './callers.ts';
import { checkInvariants } from './check-invariants.ts';
import { type Journal, newJournal } from './journal.ts';
import { makeKiller } from './kill-points.ts';
import { settle } from './settle.ts';
import { CHANNEL, startChaosCloud } from './start-chaos-cloud.ts';
import type { VictimOrders, VictimSays } from './victim-messages.ts';

/**
 * A whole sandbox in a process of its own, over the tables that the ones before it left. It is killed while it works
 * for its callers; the last one is left alive, and looks at what became of everything.
 */
const orders: VictimOrders = JSON.parse(process.argv[2] ?? '');
/** Written before anything else happens: what is said here was so when the process died. */
const say = (said: VictimSays): void => void writeSync(1, `${JSON.stringify(said)}\n`);

const CALLERS_OF_VICTIM: readonly CallerName[] = [
  'claims',
  'claims',
  'claimsTwice',
  'inOneCall',
  'isDenied',
  'needsApproval',
  'needsApproval',
  'cancels',
];
/** Waits are shorter, and still long enough for all to be under way at once. */
const CLOCK_SPEED = 100;
const SETTLE_MS = 60_000;

/** Says what callers were told the moment they know it. */
function saidJournal(): Journal {
  const journal = newJournal();
  const accepted = new Set<string>();
  accepted.add = (requestId) => {
    say({ accepted: requestId });
    return Set.prototype.add.call(accepted, requestId) as Set<string>;
  };
  const delivered = new Map<string, Set<string>>();
  delivered.set = (requestId, keys) => {
    say({ delivered: requestId, accessKeyIds: [...keys] });
    return Map.prototype.set.call(delivered, requestId, keys) as typeof delivered;
  };
  return { ...journal, accepted, delivered };
}

const killer = orders.killAt && makeKiller(orders.killAt);
const cloud = await startChaosCloud(
  {
    decide: (call) => {
      killer?.before(call);
      return undefined;
    },
    onMint: (requestId) => say({ minted: requestId }),
    onDone: (call) => killer?.after(call),
  },
  {
    template: JSON.parse(readFileSync(orders.templateFile, 'utf8')),
    bundles: orders.bundles,
    dataDir: orders.dataDir,
    clockSpeed: CLOCK_SPEED,
  },
);
say({ closedAtBoot: cloud.closedAtBoot });
if (orders.killAt) {
  const endApproving = approveAll(slackOf(cloud), CHANNEL);
  const [[analyst = ''], [clerk = '']] = [await hire(cloud, 1, 'analyst'), await hire(cloud, 1, 'clerk')];
  const journal = saidJournal();
  let keys = 0;
  const come = (name: CallerName) =>
    CALLERS[name]({
      call: cloud.as(name === 'needsApproval' ? clerk : analyst),
      journal,
      patienceMs: 30_000,
      newIdempotencyKey: () => `${orders.name}-${keys++}`,
    });
  await Promise.all(CALLERS_OF_VICTIM.map(come));
  await endApproving();
} else {
  await settle(cloud, SETTLE_MS);
  say({ found: await checkInvariants(cloud, { ...newJournal(), ...journalIn(orders) }) });
}
await cloud.close();

/** What the ones before it said. */
function journalIn({ said = [] }: VictimOrders): Journal {
  const journal = newJournal();
  for (const line of said) {
    if ('accepted' in line) journal.accepted.add(line.accepted);
    if ('delivered' in line) journal.delivered.set(line.delivered, new Set(line.accessKeyIds));
    if ('minted' in line) journal.minted.set(line.minted, (journal.minted.get(line.minted) ?? 0) + 1);
  }
  return journal;
}
