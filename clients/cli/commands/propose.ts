import type { Command } from 'commander';
import type { NewChange } from '../../sdk/broker-client.ts';
import { waitForDecision } from '../../sdk/wait-for-access.ts';
import { brokerFor, type CliContext, commonOf, print } from '../cli-context.ts';
import { describeRequest } from '../describe-request.ts';
import { withProgress } from '../show-progress.ts';
import { exitCodeOfNew } from './request.ts';

/** Proposes a change, waits for people where that is wanted, and tells how it went. */
export async function proposeFor(
  change: NewChange,
  isAwaited: boolean,
  command: Command,
  context: CliContext,
): Promise<void> {
  const options = commonOf(command);
  const broker = brokerFor(options, context);
  const { signal } = context;
  const decided = await withProgress(
    context,
    async (onProgress) => {
      const created = await broker.proposeChange(change, { wait: 20, signal });
      return isAwaited ? waitForDecision(created, broker, { signal, onProgress }) : created;
    },
    options,
  );
  print(decided, describeRequest(decided), options, context);
  context.exitWith(exitCodeOfNew(decided, isAwaited));
}
