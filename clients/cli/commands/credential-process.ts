import type { Command } from 'commander';
import { inOrder } from '../../../lambdas/shared/domain/outside/references.ts';
import type { CallerIdentity } from '../../sdk/caller-identity.ts';
import { callerOf } from '../../sdk/job-of.ts';
import type { Access } from '../../sdk/postern.ts';
import { readTokenClaims } from '../../sdk/token-identity.ts';
import { type AskOptions, askForSession, withAskOptions } from '../ask-for-session.ts';
import { followParent } from '../child/follow-parent.ts';
import { brokerFor, type CliContext, commonOf, endpointOf, identityOf } from '../cli-context.ts';
import { makeCredentialCache } from '../session/credential-cache.ts';
import { cachedAccess, credentialProcessJson, LONGEST_SECONDS } from '../session/credential-process.ts';
import { cacheFolder } from '../stored/private-folders.ts';

/** Milliseconds that a look at whether a kept session was revoked may take. AWS decides where it cannot be had. */
const LOOK_MS = 3_000;

/** Whether the caller's own token names a user for whom it acts. */
async function actsForSubject({ token }: CallerIdentity): Promise<boolean> {
  return token !== undefined && readTokenClaims(await token()).actor !== undefined;
}

/** `postern credential-process`: for `credential_process` in an AWS profile. Its output is secret. */
export function addCredentialProcess(program: Command, context: CliContext): void {
  withAskOptions(
    program
      .command('credential-process')
      .description(
        `for credential_process in ~/.aws/config: prints the session as AWS tools read it; of ${LONGEST_SECONDS} s, or what the resource allows`,
      ),
  ).action(async (_: unknown, command: Command) => {
    const given = { ...commonOf(command), ...command.opts<AskOptions>() };
    const options = { ...given, duration: given.duration ?? LONGEST_SECONDS };
    const run = { ...context, signal: followParent(context.signal) };
    const ask = async (within?: number) => {
      let isByPeople = false;
      const see = ({ status }: { status: string }) => {
        isByPeople ||= status === 'AWAITING_APPROVAL';
      };
      const access = await askForSession(
        { ...options, ...(within !== undefined && { timeout: within }) },
        run,
        see,
      );
      return { access, isByPeople };
    };
    const isRevoked = ({ requestId }: Access): Promise<boolean> =>
      brokerFor(options, run)
        .getRequest(requestId, { signal: AbortSignal.any([run.signal, AbortSignal.timeout(LOOK_MS)]) })
        .then(({ revocation }) => revocation !== undefined)
        .catch(() => false);
    // A subject's session is never kept: the next call may be on behalf of somebody else.
    const isForSubject =
      options.subjectTokenFile !== undefined ||
      Boolean(context.env.POSTERN_SUBJECT_TOKEN) ||
      (await actsForSubject(identityOf(options)));
    if (isForSubject) {
      context.out(credentialProcessJson((await ask()).access));
      return;
    }
    const caller = await callerOf(identityOf(options));
    const key = {
      endpoint: endpointOf(options, context),
      reason: options.reason ?? null,
      ...(options.job !== undefined && { job: options.job }),
      ...(options.reference && { references: inOrder(options.reference) }),
      durationSeconds: options.duration,
      caller,
    };
    const cache = makeCredentialCache(cacheFolder(context.env));
    context.out(credentialProcessJson(await cachedAccess(key, { cache, ask, isRevoked })));
  });
}
