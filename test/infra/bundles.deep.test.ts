import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BundledName, bundledNames } from '../../infra/all-functions.ts';
import { bundleFunctions, WRITES_JSON_SCHEMA } from '../../infra/bundle/bundle-functions.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { startCloud } from '../support/start-cloud.ts';

/** Most kB of JavaScript in a bundle, the SDK inside. A cold start reads all of it. */
const MOST_KB: Record<BundledName, number> = {
  'load-policy': 430,
  'review-request': 900,
  'validate-decision': 500,
  'request-approval': 620,
  'tally-votes': 600,
  'await-claim': 410,
  'assume-role': 560,
  'apply-change': 460,
  'write-log': 430,
  'revoke-session': 480,
  'lift-revocation': 400,
  'check-session': 380,
  'close-request': 440,
  'sign-heads': 420,
  'archive-audit': 390,
  'rejoin-archive': 600,
  'tell-suspension': 500,
  'update-messages': 500,
  'slack-app': 2300,
  'deliver-callback': 400,
  'publish-events': 500,
  'deliver-webhook': 400,
  'front-door': 580,
  'token-door': 580,
  'cast-vote': 700,
  'list-catalog': 490,
  'read-records': 520,
  'access-reviews': 900,
  'run-access-reviews': 900,
  'chat-pages': 700,
  'chat-socket': 700,
  // The policy toolkit is in it.
  console: 850,
  'chat-worker': 1800,
  scim: 600,
  'sync-people': 700,
  'take-fact': 500,
};

let folder: string;
let bundles: Awaited<ReturnType<typeof bundleFunctions>>;
// A busy machine takes its time over twenty bundles.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-bundles-'));
  bundles = await bundleFunctions(folder);
}, 180_000);
afterAll(() => rm(folder, { recursive: true }));

test.each(bundledNames)('%s is small enough', (name) => {
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

test.each(bundledNames)('%s loads from its folder alone', async (name) => {
  expect(await handlerIn(join(bundles[name].folder, 'index.mjs'))).toBe('function');
});

test.each(['review-request', 'validate-decision', 'list-catalog'] as const)(
  '%s finds the guardrail engine and the configuration beside it',
  (name) => {
    for (const file of ['cedar_wasm_bg.wasm', 'config/catalog.json', 'config/guardrails.cedar'])
      expect([file, existsSync(join(bundles[name].folder, file))]).toEqual([file, true]);
  },
);

test('only what is said to has Zod write JSON Schema: from other bundles it is left out', () => {
  const writers = globSync(
    '{lambdas,slack-app,policy,gateway,demo,console,docs/examples/support-agent}/**/*.ts',
  ).filter((file) => /toJSONSchema|openai\/helpers\/zod/.test(readFileSync(file, 'utf8')));
  expect(writers.sort()).toEqual([...WRITES_JSON_SCHEMA].sort());
});

test('the front door finds the API’s document beside it', () => {
  for (const name of ['front-door', 'token-door'] as const)
    expect(existsSync(join(bundles[name].folder, 'docs/openapi.json'))).toBe(true);
});

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
