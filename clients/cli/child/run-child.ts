import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isInForeground } from './is-in-foreground.ts';

/** What a shell makes of a child that a signal ended. */
const endedBy = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/**
 * Signals that a supervisor sends to this process alone, and that are meant for the command. USR1 is among them also
 * because Node.js would open its debugger on it, in the process that holds the session.
 */
const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
/** Signals of a terminal's keys. The terminal sends them to everything in its foreground, the command included. */
const OF_KEYS = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Runs a command with this environment and this process's input and outputs; answers its exit code. It is sent every
 * signal that this process is sent, once, and decides what that makes of it. Throws one line where the command cannot
 * be started.
 */
export function runChild(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  hasForeground: () => boolean = isInForeground,
): Promise<number> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { stdio: 'inherit', env });
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  const passOnKey = (signal: NodeJS.Signals) => {
    if (!hasForeground()) child.kill(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, passOn);
  for (const signal of OF_KEYS) process.on(signal, passOnKey);
  return new Promise<number>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(error.code === 'ENOENT' ? `there is no command ${file}` : error.message)),
    );
    child.once('exit', (code, signal) => resolve(signal ? endedBy(signal) : (code ?? 1)));
  }).finally(() => {
    for (const signal of PASSED_ON) process.off(signal, passOn);
    for (const signal of OF_KEYS) process.off(signal, passOnKey);
  });
}
