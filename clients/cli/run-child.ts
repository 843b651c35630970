import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** What a shell makes of a child that a signal ended. */
const endedBy = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/**
 * Runs a command with this environment and this process's input and outputs; answers its exit code. What is sent
 * to end this process ends the command. Throws one line where the command cannot be started.
 */
export function runChild(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { stdio: 'inherit', env });
  // An interrupt of the terminal's reaches the child by itself: the parent waits for what that makes of it.
  const ignore = () => {};
  // A supervisor tells this process alone, which would leave the child running with the session.
  const passOn = () => void child.kill('SIGTERM');
  process.on('SIGINT', ignore).on('SIGTERM', passOn);
  return new Promise<number>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(error.code === 'ENOENT' ? `there is no command ${file}` : error.message)),
    );
    child.once('exit', (code, signal) => resolve(signal ? endedBy(signal) : (code ?? 1)));
  }).finally(() => process.off('SIGINT', ignore).off('SIGTERM', passOn));
}
