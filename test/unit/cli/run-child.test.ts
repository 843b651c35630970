import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isForegroundStat } from '../../../clients/cli/child/is-in-foreground.ts';
import { runChild } from '../../../clients/cli/child/run-child.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-child-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Ends with a code of its own at each signal that it is sent, and with 3 once it is told to end. */
const trapping = (end: string, ready: string) => `
  const { existsSync, writeFileSync } = require('node:fs');
  const codes = { SIGINT: 41, SIGHUP: 42, SIGQUIT: 43, SIGTERM: 44, SIGUSR2: 45 };
  for (const [name, code] of Object.entries(codes)) process.on(name, () => process.exit(code));
  setInterval(() => existsSync(${JSON.stringify(end)}) && process.exit(3), 10);
  writeFileSync(${JSON.stringify(ready)}, '');`;

/** Starts that command, sends this process these signals once it is there, and answers how it ended. */
async function sentTo(signals: readonly NodeJS.Signals[], hasForeground = false): Promise<number> {
  const ready = join(folder, 'ready');
  const end = join(folder, 'end');
  const argv = [process.execPath, '-e', trapping(end, ready)];
  const ended = runChild(argv, process.env, () => hasForeground);
  while (!existsSync(ready)) await turn();
  for (const signal of signals) process.emit(signal, signal);
  if (hasForeground) await runChild(['touch', end], process.env);
  return ended;
}

describe('a command with a session', () => {
  it('answers with its own exit code', async () => {
    expect(await runChild([process.execPath, '-e', 'process.exit(7)'], process.env)).toBe(7);
  });

  it.each([
    ['SIGINT', 41],
    ['SIGHUP', 42],
    ['SIGQUIT', 43],
    ['SIGTERM', 44],
    ['SIGUSR2', 45],
  ] as const)('is sent what a supervisor sends its parent: %s', async (signal, code) => {
    expect(await sentTo([signal])).toBe(code);
  });

  it('that traps nothing ends with the code that a shell gives it', async () => {
    const sleeping = runChild(['sleep', '60'], process.env);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await sleeping).toBe(128 + 15);
  });

  it('is not sent the signals of keys, where the terminal sends them to both', async () => {
    expect(await sentTo(['SIGINT', 'SIGQUIT'], true)).toBe(3);
  });

  it('that there is not is named', async () => {
    await expect(runChild(['no-such-command-here'], process.env)).rejects.toThrow(
      'there is no command no-such-command-here',
    );
  });
});

it.each([
  ['in the foreground of its terminal', '7 (node) S 1 7 7 34816 7 4194304', true],
  ['in the background of it', '7 (node) S 1 7 7 34816 9 4194304', false],
  ['without a terminal', '7 (node) S 1 7 7 0 -1 4194304', false],
  ['of a name with brackets and spaces', '7 (a) b (c) S 1 7 7 34816 7 4194304', true],
])('a process %s', (_, stat, isForeground) => {
  expect(isForegroundStat(stat)).toBe(isForeground);
});
