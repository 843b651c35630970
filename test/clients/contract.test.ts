import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { UNLIMITED } from '../bench/unlimited.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';
import { TOOLS } from './support/find-tools.ts';

const CONTRACT = resolve('test/clients/contract');
const CALLED_BACK = `deliver-callback: states:SendTaskSuccess on arn:aws:states:${REGION}:${ACCOUNT_ID}:stateMachine:access-request`;
/** Seconds that schemathesis makes up calls for. */
const SECONDS = 60;
/** The same calls each time, but where another seed is told: what it finds is found by whoever looks for it. */
const SEED = process.env.POSTERN_SEED ?? '15';

describe.skipIf(inject('tools').length === 0)('the API keeps to its own document', () => {
  let cloud: Cloud;
  let postern: PosternOfCloud;
  beforeAll(async () => {
    cloud = await startCloud({ limits: { human: UNLIMITED, agent: UNLIMITED } });
    cloud.reviewer.says(() => proposing('bank_operational_metrics', ['dynamodb:Query']));
    postern = posternOf(cloud);
  });
  afterAll(async () => {
    postern?.close();
    // A token that is made up is taken for one of the broker's own machine, which nobody may be called back by.
    await cloud?.close([CALLED_BACK]);
  });

  /** Makes up calls by the document at this API, and sends them as an analyst who is granted what it asks for. */
  function schemathesis(api: string, options: readonly string[]) {
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = postern.environmentOf('analyst1');
    const args = ['--config-file', `${CONTRACT}/schemathesis.toml`, 'run', `${api}/openapi.json`, '-u', api];
    const command = [resolve(TOOLS, 'bin/st'), ...args, '--continue-on-failure', ...options];
    // It keeps what failed where it is run.
    return postern.other('/bin/sh', ['-c', 'cd "$HOME" && exec "$@"', 'sh', ...command], {
      PATH: process.env.PATH ?? '',
      HOME: postern.home,
      PYTHONPATH: CONTRACT,
      SCHEMATHESIS_HOOKS: 'sign_and_check',
      AWS_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY,
      AWS_REGION: REGION,
    });
  }

  test('whatever is sent, the answer is one that it names', async () => {
    const { code, out } = await schemathesis(cloud.urls.api, [
      ...['--max-time', String(SECONDS), '--seed', SEED],
    ]);
    expect(code, out).toBe(0);
    const [, selected, all] = /(\d+) selected \/ (\d+) total/.exec(out) ?? [];
    expect([selected, Number(all) > 10]).toEqual([all, true]);
    expect(Number(/(\d+) generated/.exec(out)?.[1])).toBeGreaterThan(100);
  });

  test('an answer that it does not name is told', async () => {
    const document = await (await fetch(`${cloud.urls.api}/openapi.json`)).text();
    const wrong = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(request.url === '/openapi.json' ? document : '{"status":"fine"}');
    });
    await new Promise<void>((listening) => wrong.listen(0, '127.0.0.1', listening));
    const { port } = wrong.address() as AddressInfo;
    const only = ['--include-path', '/healthz', '--phases', 'fuzzing', '--max-examples', '5'];
    const { code, out } = await schemathesis(`http://127.0.0.1:${port}`, only);
    wrong.close();
    expect([code, out.includes('GET /healthz'), out.includes('"fine"')]).toEqual([1, true, true]);
  });
});
