import type { Command } from 'commander';
import { makeConsoleSignIn } from '../../../lambdas/shared/adapters/sessions/console-sign-in.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { networkFetch } from '../../sdk/use-proxies.ts';
import { type AskOptions, askForSession, withAskOptions } from '../ask-for-session.ts';
import { brokerFor, type CliContext, commonOf, print } from '../cli-context.ts';
import { openPage } from '../open-page.ts';
import { dayAndTime } from '../show-time.ts';

/** `postern console`: a sign-in to the AWS console with a session of one job. The URL is as secret as the session. */
export function addConsole(program: Command, context: CliContext): void {
  withAskOptions(
    program
      .command('console')
      .description('sign in to the AWS console, at what is granted: prints the URL, good for 15 minutes'),
  )
    .option('--open', 'open it in the browser instead of printing it')
    .action(async (_: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<AskOptions & { open?: boolean }>() };
      const fetch = await networkFetch(context.env);
      let sessionPolicy: string | undefined;
      const access = await askForSession(options, context, ({ decision }) => {
        sessionPolicy = decision?.entitlement?.sessionPolicy;
      });
      // Where it took long, the decision may have come with the session, unseen.
      sessionPolicy ??= (
        await brokerFor(options, context).getRequest(access.requestId, { signal: context.signal })
      ).decision?.entitlement?.sessionPolicy;
      const signIn = makeConsoleSignIn({
        endpoint: context.env.POSTERN_FEDERATION_ENDPOINT,
        region: context.env.AWS_REGION ?? context.env.AWS_DEFAULT_REGION,
        fetch,
      });
      const expiration = access.expiration.toISOString();
      const url = await signIn.urlFor({ ...access, expiration }, sessionPolicy);
      if (!url) {
        const detail =
          'The sign-in endpoint did not answer: the session was issued, but there is no URL for it. POSTERN_FEDERATION_ENDPOINT names another endpoint.';
        throw new PosternError({ code: 'sign_in_unavailable', detail, requestId: access.requestId });
      }
      if (options.open && (await openPage(url))) context.err('Opened in the browser.');
      else print({ requestId: access.requestId, consoleUrl: url, expiration }, url, options, context);
      context.err(`The session ends at ${dayAndTime(expiration)}, in the browser too.`);
    });
}
