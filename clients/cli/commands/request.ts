import type { Command } from 'commander';
import type { RequestView } from '../../../lambdas/front-door/request-views.ts';
import { type AskOptions, wantedBy, withAskOptions } from '../ask-for-session.ts';
import { askRequest, dryRun } from '../ask-request.ts';
import { brokerFor, type CliContext, commonOf, print } from '../cli-context.ts';
import { describeRequest } from '../describe-request.ts';
import { EXIT } from '../exit-code.ts';

/** What a request that is as it is makes of the exit code. */
function exitCodeOfRequest({ status, dryRun, decision }: RequestView): number {
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

/** The same for what was just asked: one that was not to be waited for has done its part once it is being decided. */
export function exitCodeOfNew(request: RequestView, isWaitedFor: boolean): number {
  const isUndecided = request.status === 'PENDING' || request.status === 'AWAITING_APPROVAL';
  return !isWaitedFor && isUndecided ? EXIT.granted : exitCodeOfRequest(request);
}

type Options = AskOptions & { readonly dryRun?: boolean; readonly wait: boolean };

/** `postern request`: asks, and waits for the decision; claims nothing. */
export function addRequest(program: Command, context: CliContext): void {
  withAskOptions(program.command('request').description('ask for access, and wait for the decision'))
    .option('--dry-run', 'say what would be decided; nobody is asked, nothing can be claimed')
    .option('--no-wait', 'ask, and do not wait for people')
    .action(async (_: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<Options>() };
      const wanted = wantedBy(options, context);
      const decided = options.dryRun
        ? await dryRun(wanted, brokerFor(options, context))
        : await askRequest(wanted, { options, context });
      print(decided, describeRequest(decided), options, context);
      context.exitWith(exitCodeOfNew(decided, options.wait));
    });
}
