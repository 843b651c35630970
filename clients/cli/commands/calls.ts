import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { type CallRecord, checkCalls } from '../../../lambdas/shared/domain/audit/call-record.ts';
import type { Gateway } from '../../../lambdas/shared/domain/identity/delegation.ts';
import { brokerFor, type CliContext, commonOf } from '../cli-context.ts';
import { describeCall } from '../describe-calls.ts';

/** Milliseconds between two looks, where new records are followed. */
const FOLLOW_MS = 1000;

type RecordKey = Gateway['recordKey'];
type Options = { readonly follow?: boolean; readonly verify?: boolean };

/** What is wrong with the records of a session: told line by line, or that nothing is. */
function tellFaults(records: readonly CallRecord[], key: RecordKey | undefined, context: CliContext): void {
  const faults = key
    ? checkCalls(records, key)
    : ['the gateway is no longer registered: nothing verifies its signatures'];
  for (const fault of faults) context.err(fault);
  if (faults.length > 0) context.exitWith(1);
  else context.err(`${records.length} records: whole, in order, and signed by the gateway.`);
}

/** `postern calls`: what a session of the gateway called, was refused, and got. */
export function addCalls(program: Command, context: CliContext): void {
  program
    .command('calls')
    .description('what a session of the gateway called: the records, oldest first')
    .argument('<session-id>')
    .option('-f, --follow', 'go on with new records, until Ctrl-C')
    .option('--verify', 'check that none was altered or taken from between others')
    .action(async (sessionId: string, _: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<Options>() };
      const { signal } = context;
      const broker = brokerFor(options, context);
      const seen: CallRecord[] = [];
      for (;;) {
        const after = seen.at(-1)?.seq ?? 0;
        const { calls, recordKey } = await broker.listGatewayCalls(sessionId, after, { signal });
        for (const record of calls) context.out(options.json ? JSON.stringify(record) : describeCall(record));
        seen.push(...calls);
        if (calls.length > 0) continue;
        if (options.verify) tellFaults(seen, recordKey, context);
        if (!options.follow) return;
        await sleep(FOLLOW_MS, undefined, { signal });
      }
    });
}
