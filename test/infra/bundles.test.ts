import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FunctionName, functionNames } from '../../infra/all-functions.ts';
import { bundleFunctions } from '../../infra/bundle/bundle-functions.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { startCloud } from '../support/start-cloud.ts';

/** Most kB of JavaScript in a bundle, the SDK inside. A cold start reads all of it. */
const MOST_KB: Record<FunctionName, number> = {
  'load-policy': 750,
  'review-request': 1300,
  'validate-decision': 750,
  'request-approval': 1300,
  'tally-votes': 750,
  'await-claim': 750,
  'assume-role': 750,
  'apply-change': 750,
  'write-log': 750,
  'revoke-session': 900,
  'lift-revocation': 750,
  'check-session': 750,
  'close-request': 750,
  'sign-heads': 900,
  'archive-audit': 750,
  'rejoin-archive': 1300,
  'tell-suspension': 1200,
  'update-messages': 1200,
  'slack-app': 2700,
  'deliver-callback': 750,
  'front-door': 900,
  'token-door': 900,
  'cast-vote': 900,
  'list-catalog': 800,
};

let folder: string;
let bundles: Awaited<ReturnType<typeof bundleFunctions>>;
// A busy machine takes its time over twenty bundles.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-bundles-'));
  bundles = await bundleFunctions(folder);
}, 180_000);
afterAll(() => rm(folder, { recursive: true }));

test.each(functionNames)('%s is small enough', (name) => {
  const kilobytes = bundles[name].javascriptBytes / 1000;
  expect(kilobytes).toBeGreaterThan(100);
  expect(kilobytes).toBeLessThan(MOST_KB[name]);
});

/** What a module exports as its handler, loaded by Node itself: Vitest would take it apart first. */
async function handlerIn(file: string): Promise<unknown> {
  const load = `import(${JSON.stringify(file)}).then(({ handler }) => require('node:worker_threads').parentPort.postMessage(typeof handler))`;
  const thread = new Worker(load, { eval: true });
  const [handler] = await once(thread, 'message');
  await thread.terminate();
  return handler;
}

test.each(functionNames)('%s loads from its folder alone', async (name) => {
  expect(await handlerIn(join(bundles[name].folder, 'index.mjs'))).toBe('function');
});

test.each(['review-request', 'validate-decision', 'list-catalog'] as const)(
  '%s finds the guardrail engine and the configuration beside it',
  (name) => {
    for (const file of ['cedar_wasm_bg.wasm', 'config/catalog.json', 'config/guardrails.cedar'])
      expect([file, existsSync(join(bundles[name].folder, file))]).toEqual([file, true]);
  },
);

test('a function that asks no guardrail carries no guardrail engine', () => {
  expect(existsSync(join(bundles['front-door'].folder, 'cedar_wasm_bg.wasm'))).toBe(false);
});

test('as they are deployed, the bundles carry a request through to credentials', async () => {
  const cloud = await startCloud({ bundles: folder });
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
  const reason = 'The weekly report needs the operational metrics.';
  const { body } = await cloud.as('analyst1')('POST', '/requests?wait=20', { reason });
  const claimed = await cloud.as('analyst1')('POST', `/requests/${String(body.requestId)}/credentials`, {});
  expect([claimed.status, claimed.body.credentials]).toMatchObject([
    200,
    { accessKeyId: expect.stringMatching(/^ASIA/) },
  ]);
  await cloud.close();
});
