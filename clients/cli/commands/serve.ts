import { once } from 'node:events';
import type { Command } from 'commander';
import { posternCredentials } from '../../sdk/postern.ts';
import { type AskOptions, withAskOptions } from '../ask-for-session.ts';
import { type CliContext, commonOf, endpointOf, identityOf, print, subjectTokenOf } from '../cli-context.ts';
import { readPort } from '../read-port.ts';
import { serveCredentials } from '../serve-credentials.ts';
import { withProgress } from '../show-progress.ts';

/** `postern serve`: a session for every AWS SDK on this machine that has the token, renewed as it ends. */
export function addServe(program: Command, context: CliContext): void {
  withAskOptions(
    program
      .command('serve')
      .description('serve sessions on loopback, for AWS_CONTAINER_CREDENTIALS_FULL_URI; ends with Ctrl-C'),
  )
    .option('-p, --port <port>', 'a fixed port; any free one by default', readPort)
    .action(async (_: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<AskOptions & { port?: number }>() };
      const provide = await withProgress(context, async (onProgress) => {
        const credentials = posternCredentials({
          reason: options.reason,
          endpoint: endpointOf(options, context),
          identity: identityOf(options),
          onProgress,
          signal: context.signal,
          ...(options.duration !== undefined && { durationSeconds: options.duration }),
          ...(options.timeout !== undefined && { timeout: options.timeout * 1000 }),
          subjectToken: subjectTokenOf(options, context),
        });
        // SDKs wait a second for an answer: the first session is there before anybody is told where to ask.
        await credentials();
        return credentials;
      });
      const { port } = options;
      const { environment, close } = await serveCredentials(provide, port === undefined ? {} : { port });
      const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`);
      print(environment, lines.join('\n'), options, context);
      if (!context.signal.aborted) await once(context.signal, 'abort');
      await close();
    });
}
