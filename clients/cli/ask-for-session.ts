import type { Command } from 'commander';
import { type Access, requestAccess } from '../sdk/postern.ts';
import {
  type CliContext,
  type CommonOptions,
  endpointOf,
  identityOf,
  subjectTokenOf,
} from './cli-context.ts';
import { readSeconds } from './read-seconds.ts';
import { withProgress } from './show-progress.ts';

export type AskOptions = CommonOptions & {
  readonly reason: string;
  readonly duration?: number;
  readonly timeout?: number;
  readonly subjectTokenFile?: string;
};

/** Options of every command that asks for access. */
export const withAskOptions = (command: Command): Command =>
  command
    .requiredOption('-r, --reason <text>', 'the job, in plain language: what for, on which data')
    .option('-d, --duration <seconds>', 'how long the session is to last: 900 to 3600', readSeconds)
    .option('-t, --timeout <seconds>', 'how long to wait for a decision, people included (600)', readSeconds)
    .option(
      '--subject-token-file <file>',
      'the signed-in user’s token, on whose behalf; or POSTERN_SUBJECT_TOKEN',
    );

/** Asks, waits, and claims with a key of its own. */
export const askForSession = (options: AskOptions, context: CliContext): Promise<Access> =>
  withProgress(context, (onProgress) =>
    requestAccess({
      reason: options.reason,
      endpoint: endpointOf(options, context),
      identity: identityOf(options),
      signal: context.signal,
      onProgress,
      ...(options.duration !== undefined && { durationSeconds: options.duration }),
      ...(options.timeout !== undefined && { timeout: options.timeout * 1000 }),
      subjectToken: subjectTokenOf(options, context),
    }),
  );
