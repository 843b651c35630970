import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { RequestView } from '../../../lambdas/front-door/request-views.ts';
import { pauseFor, tryAgain } from '../../sdk/try-again.ts';
import { tokenOf, waitForDecision } from '../../sdk/wait-for-access.ts';
import { type AskOptions, withAskOptions } from '../ask-for-session.ts';
import { brokerFor, type CliContext, commonOf, print, subjectTokenOf } from '../cli-context.ts';
import { describeRequest } from '../describe-request.ts';
import { EXIT } from '../exit-code.ts';
import { withProgress } from '../show-progress.ts';

/** What a request that is as it is makes of the exit code. */
export function exitCodeOfRequest({ status, dryRun, decision }: RequestView): number {
  if (dryRun) return decision?.outcome === 'deny' ? EXIT.denied : EXIT.granted;
  switch (status) {
    case 'DENIED':
      return EXIT.denied;
    case 'EXPIRED':
      return EXIT.expired;
    case 'CANCELLED':
    case 'FAILED':
      return EXIT.other;
    case 'PENDING':
    case 'AWAITING_APPROVAL':
      return EXIT.timedOut;
    default:
      return EXIT.granted;
  }
}

type Options = AskOptions & { readonly dryRun?: boolean; readonly wait: boolean };

/** `postern request`: asks, and waits for the decision; claims nothing. */
export function addRequest(program: Command, context: CliContext): void {
  withAskOptions(program.command('request').description('ask for access, and wait for the decision'))
    .option('--dry-run', 'say what would be decided; nobody is asked, nothing can be claimed')
    .option('--no-wait', 'ask, and do not wait for people')
    .action(async (_: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<Options>() };
      const broker = brokerFor(options, context);
      const subjectToken = subjectTokenOf(options, context);
      const { signal } = context;
      const idempotencyKey = randomUUID();
      const decided = await withProgress(context, async (onProgress) => {
        const create = async () =>
          broker.createRequest(
            {
              reason: options.reason,
              durationSeconds: options.duration,
              subjectToken: await tokenOf(subjectToken),
            },
            { wait: 20, idempotencyKey, signal, ...(options.dryRun && { dryRun: true }) },
          );
        const created = await tryAgain(create, { attempts: 3, pause: pauseFor, signal });
        if (!options.wait) return created;
        return waitForDecision(created, broker, {
          subjectToken,
          signal,
          onProgress,
          ...(options.timeout !== undefined && { timeout: options.timeout * 1000 }),
        });
      });
      print(decided, describeRequest(decided), options, context);
      const isAsked = decided.status === 'PENDING' || decided.status === 'AWAITING_APPROVAL';
      context.exitWith(!options.wait && isAsked ? EXIT.granted : exitCodeOfRequest(decided));
    });
}
