import type { Command } from 'commander';
import { type AskOptions, askForSession, withAskOptions } from '../ask-for-session.ts';
import { runChild } from '../child/run-child.ts';
import { type CliContext, commonOf, identityOf } from '../cli-context.ts';
import { changedEnvironment, sessionChange } from '../session/session-environment.ts';

/** `postern exec --reason … -- cmd`: credentials only in the child's environment. */
export function addExec(program: Command, context: CliContext): void {
  withAskOptions(program.command('exec').description('run a command with a session in its environment'))
    .argument('<command...>', 'the command and its arguments, after --')
    .action(async (argv: string[], _: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<AskOptions>() };
      const region = await identityOf(options).region();
      const access = await askForSession(options, context);
      const env = changedEnvironment(context.env, sessionChange(access, region));
      context.signal.throwIfAborted();
      context.exitWith(await runChild(argv, env));
    });
}
