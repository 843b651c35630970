import type { Command } from 'commander';
import { claimAccess } from '../../sdk/wait-for-access.ts';
import { brokerFor, type CliContext, commonOf, identityOf, print, subjectTokenOf } from '../cli-context.ts';
import { sessionChange, shellLines } from '../session/session-environment.ts';

/** `postern claim`: hands a granted session over, once. Its output is secret. */
export function addClaim(program: Command, context: CliContext): void {
  program
    .command('claim')
    .description('claim a granted request: prints the session as shell exports, or with --json as JSON')
    .argument('<request-id>')
    .option('--subject-token-file <file>', 'for a request on behalf of a signed-in user')
    .action(async (requestId: string, _: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<{ subjectTokenFile?: string }>() };
      const subjectToken = subjectTokenOf(options, context);
      // Before the claim, which can be made once: without a region there would be nothing to print.
      const region = await identityOf(options).region();
      const session = await claimAccess(requestId, brokerFor(options, context), {
        subjectToken,
        signal: context.signal,
      });
      const access = { ...session, expiration: new Date(session.expiration), requestId };
      print(access, shellLines(sessionChange(access, region)).join('\n'), options, context);
    });
}
