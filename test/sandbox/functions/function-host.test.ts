import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createFunctionHost,
  type FunctionHost,
  functionNameOf,
} from '../../../sandbox/functions/function-host.ts';
import type { FunctionSpec } from '../../../sandbox/functions/function-spec.ts';

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:probe';
const hosts: FunctionHost[] = [];

function makeHost(more: Partial<FunctionSpec> = {}, entry = 'probe-handler'): FunctionHost {
  const spec: FunctionSpec = {
    name: 'probe',
    arn: ARN,
    entry: new URL(`./support/${entry}.ts`, import.meta.url).href,
    env: { AWS_LAMBDA_FUNCTION_NAME: 'probe', TABLE: 'rows' },
    timeoutSeconds: 20,
    ...more,
  };
  const host = createFunctionHost([spec]);
  hosts.push(host);
  return host;
}

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

describe('a function', () => {
  test('answers what its handler answers, as JSON', async () => {
    const host = makeHost();
    const answer = { a: [1, null, 'ü'], when: '2026-01-01T00:00:00.000Z' };
    expect(await host.invoke('probe', { answer })).toEqual(answer);
    expect(await host.invoke(ARN, {})).toBeNull();
    expect(await host.invoke(`${ARN}:live`, { answer: 0 })).toBe(0);
  });

  test('has its own environment and nothing of the host', async () => {
    process.env.POSTERN_TEST_SECRET_OF_HOST = 'leaked';
    try {
      expect(await makeHost().invoke('probe', { env: true })).toEqual({
        env: { AWS_LAMBDA_FUNCTION_NAME: 'probe', TABLE: 'rows' },
        argv: [],
        execArgv: [],
      });
    } finally {
      delete process.env.POSTERN_TEST_SECRET_OF_HOST;
    }
  });

  test('is given a context like that of Lambda', async () => {
    const context = (await makeHost().invoke('probe', { context: true })) as Record<string, unknown>;
    expect(context).toMatchObject({ functionName: 'probe', hasId: true });
    expect(context.left).toBeGreaterThan(10_000);
    expect(context.left).toBeLessThanOrEqual(20_000);
  });

  test('works on several invocations at once', async () => {
    const host = makeHost();
    const all = await Promise.all([1, 2, 3].map(() => host.invoke('probe', { barrier: 3 })));
    expect(all).toEqual([{ together: 3 }, { together: 3 }, { together: 3 }]);
  });

  test('fails with the name and message of its error, and no stack', async () => {
    const host = makeHost();
    const failed = host.invoke('probe', { throw: { name: 'PolicyMissing', message: 'none' } });
    await expect(failed).rejects.toMatchObject({
      name: 'PolicyMissing',
      message: 'none',
      stack: expect.not.stringContaining('probe-handler'),
    });
    await expect(host.invoke('probe', { throwText: 'plain text' })).rejects.toMatchObject({
      name: 'Error',
      message: 'plain text',
    });
  });

  test('has all it prints kept, whichever way it prints', async () => {
    const host = makeHost();
    await host.invoke('probe', { print: 'SECRET-LIKE' });
    await expect
      .poll(() => host.logs.text().split('\n').toSorted())
      .toEqual(['SECRET-LIKE', 'error: SECRET-LIKE', 'raw: SECRET-LIKE']);
    expect(host.logs.lines[0]).toMatchObject({ functionName: 'probe', loggedAtMs: expect.any(Number) });
  });
});

describe('a function that goes wrong', () => {
  test('is ended when it hangs beyond its timeout, and works again afterwards', async () => {
    const host = makeHost({ timeoutSeconds: 0.2 });
    await expect(host.invoke('probe', { hang: true })).rejects.toMatchObject({
      name: 'Sandbox.Timedout',
      message: expect.stringContaining('timed out after 0.20 seconds'),
    });
    expect(await host.invoke('probe', { answer: 'alive' })).toBe('alive');
  });

  test('does nothing more once it has timed out', async () => {
    const host = makeHost({ timeoutSeconds: 0.2 });
    await expect(host.invoke('probe', { beat: true })).rejects.toMatchObject({ name: 'Sandbox.Timedout' });
    let before: number;
    do {
      before = host.logs.lines.length;
      await pause(100);
    } while (host.logs.lines.length > before);
    expect(before).toBeGreaterThan(0);
  });

  test('is ended when it blocks its thread', async () => {
    const host = makeHost({ timeoutSeconds: 0.2 });
    await expect(host.invoke('probe', { spin: true })).rejects.toMatchObject({ name: 'Sandbox.Timedout' });
    expect(await host.invoke('probe', { answer: 'alive' })).toBe('alive');
  });

  test('a timeout of one invocation leaves another its own time', async () => {
    const host = makeHost({ timeoutSeconds: 0.5 });
    await host.warm();
    const hanging = host.invoke('probe', { hang: true }).catch((error) => error.name);
    await host.invoke('probe', { answer: 'later', afterMs: 300 });
    const other = host.invoke('probe', { answer: 'later still', afterMs: 300 });
    expect(await hanging).toBe('Sandbox.Timedout');
    expect(await other).toBe('later still');
  });

  test.each([{ exit: true }, { crashLater: true }])(
    '%j fails what it worked on, and it starts anew',
    async (event) => {
      const host = makeHost();
      const other = host.invoke('probe', { hang: true }).catch((error) => error.name);
      await expect(host.invoke('probe', event)).rejects.toMatchObject({ name: 'Runtime.ExitError' });
      expect(await other).toBe('Runtime.ExitError');
      expect(await host.invoke('probe', { answer: 'alive' })).toBe('alive');
    },
  );

  test('a module that does not load fails each invocation, and says why in the log', async () => {
    const host = makeHost({}, 'broken-handler');
    await host.warm();
    await expect(host.invoke('probe', {})).rejects.toMatchObject({
      name: 'Runtime.ExitError',
      message: expect.stringContaining('this module does not load'),
    });
    expect(host.logs.text()).toContain('this module does not load');
  });

  test('one that was called off while its thread still loaded does not run', async () => {
    const host = makeHost();
    const calledOff = new AbortController();
    const invoked = host.invoke('probe', { print: 'RAN' }, calledOff.signal);
    calledOff.abort(new Error('called off'));
    await expect(invoked).rejects.toThrow('called off');
    await host.invoke('probe', { print: 'the next one' });
    await expect.poll(() => host.logs.text()).toContain('raw: the next one');
    expect(host.logs.text()).not.toContain('RAN');
  });

  test('an unknown function is an error, not a hang', async () => {
    await expect(makeHost().invoke('nobody', {})).rejects.toMatchObject({
      name: 'Lambda.ResourceNotFoundException',
    });
  });

  test('closing ends what runs; afterwards nothing starts', async () => {
    const host = makeHost();
    const hanging = host.invoke('probe', { hang: true }).catch((error) => error.name);
    await host.warm();
    await host.close();
    expect(await hanging).toBe('Runtime.ExitError');
    await expect(host.invoke('probe', {})).rejects.toMatchObject({ name: 'Runtime.ExitError' });
  });
});

test.each([
  ['postern-x', 'postern-x'],
  ['arn:aws:lambda:eu-central-1:123456789012:function:postern-x', 'postern-x'],
  ['arn:aws:lambda:eu-central-1:123456789012:function:postern-x:live', 'postern-x'],
])('%s names %s', (arn, name) => {
  expect(functionNameOf(arn)).toBe(name);
});
