import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Command } from 'commander';
import { type AskOptions, askForSession, withAskOptions } from '../ask-for-session.ts';
import { type CliContext, commonOf, identityOf } from '../cli-context.ts';
import { sessionEnvironment } from '../session-environment.ts';

/** What a shell makes of a child that a signal ended. */
const endedBy = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/** Runs a command with the session in its environment alone; answers its exit code. */
function runChild(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { stdio: 'inherit', env });
  // An interrupt reaches the child by itself: the parent waits for what that makes of it.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  return new Promise<number>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(error.code === 'ENOENT' ? `there is no command ${file}` : error.message)),
    );
    child.once('exit', (code, signal) => resolve(signal ? endedBy(signal) : (code ?? 1)));
  }).finally(() => process.off('SIGINT', ignore));
}

/** `postern exec --reason … -- cmd`: credentials only in the child's environment. */
export function addExec(program: Command, context: CliContext): void {
  withAskOptions(program.command('exec').description('run a command with a session in its environment'))
    .argument('<command...>', 'the command and its arguments, after --')
    .action(async (argv: string[], _: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<AskOptions>() };
      const access = await askForSession(options, context);
      const region = await identityOf(options).region();
      context.exitWith(await runChild(argv, sessionEnvironment(access, context.env, region)));
    });
}
