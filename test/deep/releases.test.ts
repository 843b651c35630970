import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VERSION } from '../../infra/version.ts';
import { CHANNEL, type PlayedRelease, playRelease } from '../support/play-release.ts';
import { shapeOf } from '../support/release-shape.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

const FILE = `test/cases/releases/${VERSION}.json`;

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({
    tiers: [{ name: 'any', channel: CHANNEL, approverGroup: 'approvers', timeoutSeconds: 600 }],
  });
});
afterAll(() => cloud.close());

/**
 * The record is of what the release hands from step to step. A shape that changed is a new release: with
 * `POSTERN_RECORD=1` it is written down, under package.json's version, beside those that came before.
 */
test('what is recorded of this release is what it hands on', async () => {
  const played = await playRelease(cloud);
  if (process.env.POSTERN_RECORD) writeFileSync(FILE, `${JSON.stringify(played)}\n`);
  expect(existsSync(FILE)).toBe(true);
  const recorded = JSON.parse(readFileSync(FILE, 'utf8')) as PlayedRelease;
  for (const part of ['inputs', 'requests', 'votes'] as const)
    expect([...shapeOf(played[part])].sort()).toEqual([...shapeOf(recorded[part])].sort());
}, 180_000);
