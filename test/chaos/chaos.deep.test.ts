import { expect, test } from 'vitest';
import { bundles, template } from '../support/template.ts';
import type { Trouble } from './faults.ts';
import { killEverywhere } from './kill-everywhere.ts';
import { storm } from './storm.ts';

/** Any seed must do; this one is fixed, so that a failure is the change's and not chance's. */
const SEED = 20_261_121;

/** The troubles that differ most in what they leave behind; all of them in `npm run test:deep`. */
const ALL: Trouble[] = [
  // First, because every caller meets it, however slow the machine is.
  { dependency: 'dynamodb', kind: 'cut' },
  { dependency: 'sts', kind: 'cut' },
  { dependency: 'kms', kind: 'failing' },
];
const TROUBLES = process.env.POSTERN_DEEP ? ALL : ALL.slice(0, 1);

test('whatever the broker calls fails or breaks off: nothing is minted twice, unrecorded, lost or left open', async () => {
  const { scenes, broken, records } = await storm({
    seed: SEED,
    troubles: TROUBLES,
    callers: 8,
    patienceMs: 2_000,
  });
  expect(broken).toEqual([]);
  // It was a storm, and something was recorded in it; how much depends on the machine.
  expect(scenes.reduce((sum, { faults }) => sum + faults, 0)).toBeGreaterThan(0);
  expect(records).toBeGreaterThan(0);
}, 600_000);

test('killed once STS has answered, and started again: no session without its record, no request left open', async () => {
  const { deaths, broken, records } = await killEverywhere(
    [{ functionName: 'assume-role', call: 'AssumeRole', when: 'after' }],
    { template: template(), bundles: bundles() },
  );
  expect(broken).toEqual([]);
  expect(deaths.map(({ killed }) => killed)).toEqual([true]);
  expect(records).toBeGreaterThan(0);
}, 600_000);
