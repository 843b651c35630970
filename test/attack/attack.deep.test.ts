import { afterAll, beforeAll, expect, test } from 'vitest';
import { ATTACKS, playAttacks } from './play-attacks.ts';
import { type Stage, startStage } from './start-stage.ts';

/** Few enough for every deep run; `npm run attack` plays each more often. */
const TIMES = 2;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.cloud.close());

test.each(ATTACKS.map((attack) => [attack.kind, attack.what, attack] as const))(
  '%s: %s',
  async (_, __, attack) => {
    expect(await attack.play(stage, TIMES)).toBeGreaterThan(0);
  },
);

test('the first attack that is not held ends the run, and is named', async () => {
  const [first] = ATTACKS;
  if (!first) throw new Error('there are no attacks');
  const broken = { ...stage, ready: async () => Promise.reject(new Error('nothing to claim')) };
  await expect(playAttacks(broken, TIMES, () => {})).rejects.toThrow(
    `NOT HELD: ${first.kind}: ${first.what}`,
  );
});
