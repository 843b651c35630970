import type { Command } from 'commander';
import type { BrokerClient, NewChange } from '../../sdk/broker-client.ts';
import { waitForDecision } from '../../sdk/wait-for-access.ts';
import { brokerFor, type CliContext, type CommonOptions, commonOf, print } from '../cli-context.ts';
import { describeRequest } from '../describe-request.ts';
import { withProgress } from '../show-progress.ts';
import { exitCodeOfNew } from './request.ts';

type Change = Parameters<typeof waitForDecision>[0];

/** Waits for people to decide on a change where that is wanted, and tells how it went. */
export async function awaitChange(
  open: () => Promise<Change>,
  { broker, isAwaited, options }: { broker: BrokerClient; isAwaited: boolean; options: CommonOptions },
  context: CliContext,
): Promise<void> {
  const { signal } = context;
  const decided = await withProgress(
    context,
    async (onProgress) => {
      const opened = await open();
      return isAwaited ? waitForDecision(opened, broker, { signal, onProgress }) : opened;
    },
    options,
  );
  print(decided, describeRequest(decided), options, context);
  context.exitWith(exitCodeOfNew(decided, isAwaited));
}

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
  await awaitChange(
    () => broker.proposeChange(change, { wait: 20, signal }),
    { broker, isAwaited, options },
    context,
  );
}
