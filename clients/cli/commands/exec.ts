import type { Command } from 'commander';
import { type AskOptions, askForSession, withAskOptions } from '../ask-for-session.ts';
import { type CliContext, commonOf, identityOf } from '../cli-context.ts';
import { runChild } from '../run-child.ts';
import { sessionEnvironment } from '../session-environment.ts';

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
