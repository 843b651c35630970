import type { Command } from 'commander';
import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import { type Access, PosternError, type PosternOptions, requestAccess } from '../sdk/postern.ts';
import {
  type CliContext,
  type CommonOptions,
  endpointOf,
  identityOf,
  subjectTokenOf,
} from './cli-context.ts';
import { readSeconds } from './read-seconds.ts';
import { withProgress } from './show-progress.ts';
import { keepNewRequests, keepRequests } from './stored/keep-requests.ts';

export type AskOptions = CommonOptions & {
  readonly reason?: string;
  readonly job?: string;
  readonly reference?: readonly string[];
  readonly duration?: number;
  readonly timeout?: number;
  readonly subjectTokenFile?: string;
  readonly new?: boolean;
};

/** `--reference`, as each command that asks takes it: once for each. */
export const REFERENCE = [
  '--reference <name>',
  'a ticket or the like that it is for, OPS-12; repeat it for more, at most five',
  (name: string, before: readonly string[] = []) => [...before, name],
] as const;

/** Options of every command that asks for access. */
export const withAskOptions = (command: Command): Command =>
  command
    .option('-r, --reason <text>', 'the job, in plain language: what for, on which data')
    .option(
      '-j, --job <name>',
      'a job that a change has fixed for you, by its name, instead: no model is asked',
    )
    .option(...REFERENCE)
    .option('-d, --duration <seconds>', 'how long the session is to last: 900 to 3600', readSeconds)
    .option('-t, --timeout <seconds>', 'how long to wait for a decision, people included (600)', readSeconds)
    .option(
      '--subject-token-file <file>',
      'the signed-in user’s token, on whose behalf; or POSTERN_SUBJECT_TOKEN',
    )
    .option('--new', 'ask anew, though an interrupted run of the same left a request open');

/** What for: in words, or by a job's name. */
export function whatBy({ reason, job }: Pick<AskOptions, 'reason' | 'job'>) {
  if (job !== undefined) return { job, reason };
  if (reason !== undefined) return { reason };
  const detail = 'Say what for with --reason, or name a job of yours with --job: postern catalog lists them.';
  throw new PosternError({ code: 'no_reason', detail });
}

/** What is asked for by options of the command line, and where it is kept until it is answered. */
export const wantedBy = (options: AskOptions, context: CliContext): PosternOptions => ({
  ...whatBy(options),
  endpoint: endpointOf(options, context),
  identity: identityOf(options),
  signal: context.signal,
  handles: options.new ? keepNewRequests(context) : keepRequests(context),
  ...(options.reference && { references: options.reference }),
  ...(options.duration !== undefined && { durationSeconds: options.duration }),
  ...(options.timeout !== undefined && { timeout: options.timeout * 1000 }),
  subjectToken: subjectTokenOf(options, context),
});

/** Asks, waits, and claims with a key of its own; goes on with what an interrupted run asked. */
export const askForSession = (
  options: AskOptions,
  context: CliContext,
  see: (request: RequestView) => void = () => {},
): Promise<Access> =>
  withProgress(
    context,
    (tell) =>
      requestAccess({
        ...wantedBy(options, context),
        onProgress: (request) => {
          see(request);
          tell(request);
        },
      }),
    options,
  );
