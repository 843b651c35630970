import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type AskOptions, askForSession, withAskOptions } from '../ask-for-session.ts';
import { type CliContext, commonOf, endpointOf, identityOf } from '../cli-context.ts';
import { makeCredentialCache } from '../credential-cache.ts';
import { cachedAccess, credentialProcessJson } from '../credential-process.ts';

const folderOf = ({ XDG_CACHE_HOME }: NodeJS.ProcessEnv): string =>
  join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'postern');

/** `postern credential-process`: for `credential_process` in an AWS profile. Its output is secret. */
export function addCredentialProcess(program: Command, context: CliContext): void {
  withAskOptions(
    program
      .command('credential-process')
      .description('for credential_process in ~/.aws/config: prints the session as AWS tools read it'),
  ).action(async (_: unknown, command: Command) => {
    const options = { ...commonOf(command), ...command.opts<AskOptions>() };
    const { accessKeyId } = await identityOf(options).credentials();
    const key = {
      endpoint: endpointOf(options, context),
      reason: options.reason,
      durationSeconds: options.duration ?? null,
      caller: accessKeyId,
    };
    // A subject's session is never kept: the next call may be on behalf of somebody else.
    const isForSubject = options.subjectTokenFile !== undefined || Boolean(context.env.POSTERN_SUBJECT_TOKEN);
    const ask = () => askForSession(options, context);
    const access = isForSubject
      ? await ask()
      : await cachedAccess(key, makeCredentialCache(folderOf(context.env)), ask);
    context.out(credentialProcessJson(access));
  });
}
