import { synthesise } from '../../sandbox/template/synthesise.ts';
import { DEPENDENCIES, KINDS } from './faults.ts';
import { storm } from './storm.ts';

/** Callers in each trouble: over all of them more than five hundred. */
const CALLERS = Number(process.env.CALLERS ?? 17);

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isInteger(seed) || !Number.isInteger(CALLERS))
  throw new Error('SEED and CALLERS are whole numbers');
console.log(`chaos: SEED=${seed}`);
const troubles = DEPENDENCIES.flatMap((dependency) => KINDS.map((kind) => ({ dependency, kind })));
const result = await storm({
  seed,
  troubles,
  callers: CALLERS,
  patienceMs: 4_000,
  template: await synthesise('config'),
  onScene: ({ dependency, kind, requests, faults, delivered }) =>
    console.log(
      `  ${`${dependency} ${kind}`.padEnd(24)} ${requests} callers, ${faults} faults, ${delivered} sessions delivered`,
    ),
});
console.log('requests by how they ended:', result.statuses, `with ${result.records} records`);
for (const { invariant, requestId, because } of result.broken)
  console.log(`BROKEN: ${invariant}: ${requestId}: ${because}`);
console.log(
  result.broken.length === 0
    ? 'every invariant holds'
    : `${result.broken.length} broken; again with SEED=${seed}`,
);
process.exitCode = result.broken.length === 0 ? 0 : 1;
