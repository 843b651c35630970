import { requestAccess } from '../../sdk/postern.ts';
import { type AskOptions, wantedBy } from '../ask-for-session.ts';
import { type CliContext, identityOf } from '../cli-context.ts';
import { withProgress } from '../show-progress.ts';
import { hideDefaultProfile } from './hide-profiles.ts';
import { renewAhead } from './renew-ahead.ts';
import { serveCredentials } from './serve-credentials.ts';
import { type EnvironmentChange, serverChange } from './session-environment.ts';

/** A credential server that has a session to serve, and what an AWS SDK's environment has to be to use it. */
export type StartedServer = { readonly change: EnvironmentChange; close(): Promise<void> };

/** Asks for the first session, and serves it once it is there. Throws where there is none: then nothing is served. */
export async function startServer(
  options: AskOptions & { readonly port?: number },
  context: CliContext,
): Promise<StartedServer> {
  const region = await identityOf(options).region();
  const provide = renewAhead(() =>
    withProgress(
      context,
      (onProgress) => requestAccess({ ...wantedBy(options, context), onProgress }),
      options,
    ),
  );
  // SDKs wait a second for an answer: the first session is there before anybody is told where to ask.
  await provide();
  context.signal.throwIfAborted();
  const { port } = options;
  const { environment, close } = await serveCredentials(provide, port === undefined ? {} : { port });
  return { change: serverChange({ ...environment, ...(await hideDefaultProfile()) }, region), close };
}
