import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runChild } from '../../../clients/cli/run-child.ts';

const node = (script: string) => runChild([process.execPath, '-e', script], process.env);

describe('a command with a session', () => {
  it('answers with its own exit code', async () => {
    expect(await node('process.exit(7)')).toBe(7);
  });

  it('ends when its parent is told to, with the code that a shell gives it', async () => {
    const code = node('setTimeout(() => process.exit(3), 5000)');
    await pause(100);
    process.emit('SIGTERM');
    expect(await code).toBe(128 + 15);
  });

  it('stays for an interrupt, which the terminal sends to both', async () => {
    const code = node('setTimeout(() => process.exit(3), 500)');
    await pause(100);
    process.emit('SIGINT');
    expect(await code).toBe(3);
  });

  it('that there is not is named', async () => {
    await expect(runChild(['no-such-command-here'], process.env)).rejects.toThrow(
      'there is no command no-such-command-here',
    );
  });
});
