import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { startTables } from '../support/start-tables.ts';
import { runCommand } from './support/run-command.ts';
import { type Emulator, startEmulator } from './support/start-emulator.ts';

/** Every test of what stands on `startTables`: adapters, and what races on their conditional writes. */
const TESTS = [
  'test/unit/adapters',
  'test/unit/limits/race.test.ts',
  'test/unit/assume-role/assume-role.test.ts',
  'test/unit/apply-change/apply-change.test.ts',
  'test/unit/write-log/close-row.test.ts',
  'test/unit/close-request/close-request.test.ts',
  'test/unit/revoke-session/revoke-session.test.ts',
  'test/unit/front-door/front-door-adapters.test.ts',
];

describe.skipIf(!inject('hasEmulators'))("the adapters on MiniStack's DynamoDB", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ hosts: {}, slackApiUrl: '', concurrency: 1000 });
  });
  afterAll(() => emulator?.close());

  test('the variable is gone by', async () => {
    vi.stubEnv('POSTERN_DYNAMODB', emulator.endpoint);
    const { client, close } = await startTables();
    vi.unstubAllEnvs();
    const { port } = (await client.config.endpoint?.()) ?? {};
    expect(port).toBe(Number(new URL(emulator.endpoint).port));
    const { Items } = await client.send(new ScanCommand({ TableName: 'requests' }));
    expect(Items).toEqual([]);
    await close();
  });

  test('their tests pass as they do on dynalite', async () => {
    const env = { ...process.env, POSTERN_DYNAMODB: emulator.endpoint };
    const { status, output } = await runCommand('npx', ['vitest', 'run', ...TESTS], { env });
    expect(status, output).toBe(0);
  });
});
