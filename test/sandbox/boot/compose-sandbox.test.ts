import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AwsCall } from '../../../sandbox/aws/types.ts';
import { type BootOptions, composeSandbox, type Sandbox } from '../../../sandbox/compose-sandbox.ts';
import { makeSmallCloud, SMALL_TEMPLATE } from './support/small-cloud.ts';

let cloud: Awaited<ReturnType<typeof makeSmallCloud>>;
let sandbox: Sandbox<{ access: string }> | undefined;

beforeEach(async () => {
  cloud = await makeSmallCloud();
});
afterEach(async () => {
  await sandbox?.close();
  await cloud.close();
});

const boot = async (options: BootOptions = {}) => {
  sandbox = await composeSandbox(cloud.parts, { template: SMALL_TEMPLATE, ...options });
  return sandbox;
};

const start = ({ states, template }: Sandbox<unknown>, name: string, input: object) =>
  states.handle({
    service: 'states',
    operation: 'StartExecution',
    input: { stateMachineArn: template.stateMachines[0]?.arn, name, input: JSON.stringify(input) },
  } as unknown as AwsCall);

test('a function has the variables of the template, the keys of its role and the addresses of the sandbox', async () => {
  const configDir = mkdtempSync(join(tmpdir(), 'postern-config-'));
  cpSync('config', configDir, { recursive: true });
  const { invoke, access } = await boot({ configDir });
  const { env } = (await invoke('postern-work', {})) as { env: Record<string, string> };
  expect(env).toMatchObject({
    OWN: 'yes',
    CONSOLE_URL: 'http://127.0.0.1:1',
    SLACK_API_URL: 'http://127.0.0.1:1/slack/api/',
    POSTERN_CONFIG_DIR: configDir,
    AWS_ACCESS_KEY_ID: 'ASIApostern-work',
  });
  expect(env).not.toHaveProperty('OPENAI_MODEL');
  expect(env).not.toHaveProperty('PATH');
  expect(cloud.issued).toContain('arn:aws:iam::123456789012:role/work-role postern-work');
  expect(access).toEqual({ access: 'granted' });
});

test('an execution that fails is told to close-request', async () => {
  const running = await boot();
  await start(running, 'one', { fail: 'Odd' });
  await expect
    .poll(() => running.logs.text())
    .toMatch(/"invoked":"postern-close-request".*"name":"one","status":"FAILED"/);
});

test("a function that the state machine's role may not invoke fails the task, as it would on AWS", async () => {
  const poor = await makeSmallCloud({ machineMay: 'lambda:GetFunction' });
  const running = await composeSandbox(poor.parts, { template: SMALL_TEMPLATE });
  try {
    await start(running, 'one', {});
    await expect.poll(() => running.logs.text()).toContain('"name":"one","status":"FAILED"');
    expect(running.logs.text()).toContain('"error":"Lambda.AWSLambdaException"');
    expect(running.logs.text()).not.toContain('"invoked":"postern-work"');
  } finally {
    await running.close();
    await poor.close();
  }
});

test('one that succeeds is not', async () => {
  const running = await boot();
  await start(running, 'one', {});
  await expect.poll(() => running.logs.text()).toContain('"invoked":"postern-work"');
  await running.close();
  expect(running.logs.text()).not.toContain('postern-close-request');
});

test('on a restart every open request is closed, before anything is let in', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'postern-boot-'));
  try {
    await cloud.addOpenRequests('open-1', 'closed-1', 'open-2');
    const running = await boot({ dataDir });
    expect(running.closedAtBoot.toSorted()).toEqual(['open-1', 'open-2']);
    await expect.poll(() => running.logs.lines.length).toBe(2);
    for (const { text } of running.logs.lines) {
      expect(JSON.parse(text)).toMatchObject({
        invoked: 'postern-close-request',
        event: {
          'detail-type': 'Step Functions Execution Status Change',
          detail: { status: 'ABORTED', error: 'SandboxRestarted', name: expect.stringMatching(/^open-/) },
        },
      });
    }
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

test('closing ends the parts, the last started first', async () => {
  const running = await boot();
  await running.close();
  await running.close();
  expect(cloud.ended).toEqual(['edge', 'aws']);
});

test('a boot that fails half-way ends what it had started', async () => {
  const failing = { ...cloud.parts, seed: () => Promise.reject(new Error('no seed')) };
  await expect(composeSandbox(failing, { template: SMALL_TEMPLATE })).rejects.toThrow('no seed');
  expect(cloud.ended).toEqual(['edge', 'aws']);
});
