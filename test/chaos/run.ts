import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { bundleFunctionsOf } from '../../sandbox/functions/bundle-functions-of.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import { synthesise } from '../../sandbox/template/synthesise.ts';
import type { checkInvariants } from './check-invariants.ts';
import { DEPENDENCIES, KINDS } from './faults.ts';
import { killEverywhere } from './kill-everywhere.ts';
import { killPointsOf } from './kill-points.ts';
import { randomOf } from './random.ts';
import { storm } from './storm.ts';

/** Callers in each trouble: over all of them more than five hundred. */
const CALLERS = Number(process.env.CALLERS ?? 17);
const PATIENCE_MS = 4_000;

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isInteger(seed) || !Number.isInteger(CALLERS))
  throw new Error('SEED and CALLERS are whole numbers');
console.log(`chaos: SEED=${seed}`);
const template = await synthesise('config');
const place = { accountId: ACCOUNT_ID, region: REGION };
const bundles = await bundleFunctionsOf(resolveTemplate(template, place));
let broken = 0;

function tell(found: Awaited<ReturnType<typeof checkInvariants>>): void {
  const total = Object.values(found.statuses).reduce((sum, count) => sum + count, 0);
  console.log(`  ${total} requests, ${found.records} audit records:`, found.statuses);
  for (const { invariant, requestId, because } of found.broken)
    console.log(`  BROKEN: ${invariant}: ${requestId}: ${because}`);
  broken += found.broken.length;
}

console.log('every dependency in trouble');
const troubles = DEPENDENCIES.flatMap((dependency) => KINDS.map((kind) => ({ dependency, kind })));
tell(
  await storm({
    seed,
    troubles,
    callers: CALLERS,
    patienceMs: PATIENCE_MS,
    deployed: { template, bundles },
    onScene: ({ dependency, kind, requests, faults, delivered }) =>
      console.log(
        `  ${`${dependency} ${kind}`.padEnd(24)} ${requests} callers, ${faults} faults, ${delivered} sessions delivered`,
      ),
  }),
);

console.log('the process killed at every state');
tell(
  await killEverywhere(
    killPointsOf(randomOf(seed)),
    { template, bundles },
    ({ point: killedAt, killed, accepted, closedAtBoot }) =>
      console.log(
        `  ${`${killedAt.when} call ${killedAt.call} of ${killedAt.functionName}`.padEnd(44)} ${killed ? 'killed' : 'not reached'}, ${accepted} accepted, ${closedAtBoot} found open at boot`,
      ),
  ),
);

console.log(broken === 0 ? 'every invariant holds' : `${broken} times broken; again with SEED=${seed}`);
process.exitCode = broken === 0 ? 0 : 1;
