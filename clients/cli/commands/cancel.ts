import type { Command } from 'commander';
import { tokenOf } from '../../sdk/wait-for-access.ts';
import { brokerFor, type CliContext, commonOf, print, subjectTokenOf } from '../cli-context.ts';
import { describeRequest } from '../describe-request.ts';

/** `postern cancel`: takes a request back before it is claimed. */
export function addCancel(program: Command, context: CliContext): void {
  program
    .command('cancel')
    .description('take a request back, as long as it is not claimed')
    .argument('<request-id>')
    .option('--subject-token-file <file>', 'for a request on behalf of a signed-in user')
    .action(async (requestId: string, _: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<{ subjectTokenFile?: string }>() };
      const subjectToken = await tokenOf(subjectTokenOf(options, context));
      const cancelled = await brokerFor(options, context).cancel(requestId, {
        subjectToken,
        signal: context.signal,
      });
      print(cancelled, describeRequest(cancelled), options, context);
    });
}
