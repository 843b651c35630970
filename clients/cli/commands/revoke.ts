import type { Command } from 'commander';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { tokenOf } from '../../sdk/wait-for-access.ts';
import { brokerFor, type CliContext, commonOf, print, subjectTokenOf } from '../cli-context.ts';
import { makeCredentialCache } from '../session/credential-cache.ts';
import { cacheFolder } from '../stored/private-folders.ts';

type Options = { reason?: string; everySession?: boolean; subjectTokenFile?: string };

/** `postern revoke`: ends a session before its time. */
export function addRevoke(program: Command, context: CliContext): void {
  program
    .command('revoke')
    .description('end a session before its time: your own, or as an approver, with a reason, anybody’s')
    .argument('<request-id>')
    .option('-r, --reason <text>', "why; required for another principal's session")
    .option(
      '--every-session',
      'where the role’s policy is full: end every session of the role that was issued until now',
    )
    .option('--subject-token-file <file>', 'for a request on behalf of a signed-in user')
    .action(async (requestId: string, _: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<Options>() };
      const subjectToken = await tokenOf(subjectTokenOf(options, context));
      const { reason, everySession } = options;
      const revoked = await brokerFor(options, context).revoke(
        requestId,
        { ...(reason !== undefined && { reason }), ...(everySession && { everySession }) },
        { subjectToken, signal: context.signal },
      );
      // A session that ends is not to be given out again.
      await makeCredentialCache(cacheFolder(context.env)).forget(requestId);
      const done = revoked.revocation ? 'is revoked' : 'is being revoked; repeat the command to see it done';
      print(revoked, `${visibleText(revoked.requestId)} ${done}.`, options, context);
    });
}
