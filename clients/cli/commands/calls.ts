import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { type CallRecord, checkCalls } from '../../../lambdas/shared/domain/audit/call-record.ts';
import type { Gateway } from '../../../lambdas/shared/domain/identity/delegation.ts';
import { ARCHIVE_PROFILE, addCallsCommands, readExchanges, readRecords } from '../../calls/calls-commands.ts';
import { harOf } from '../../calls/har-of.ts';
import { ocsfCallOf } from '../../calls/ocsf-call.ts';
import type { ArchiveOptions } from '../../calls/open-exchanges.ts';
import { brokerFor, type CliContext, commonOf } from '../cli-context.ts';
import { describeCall } from '../describe-calls.ts';

/** Milliseconds between two looks, where new records are followed. */
const FOLLOW_MS = 1000;

type RecordKey = Gateway['recordKey'];
type ExportFormat = 'jsonl' | 'ocsf' | 'har';
type Options = {
  readonly follow?: boolean;
  readonly verify?: boolean;
  readonly export?: ExportFormat;
  readonly archiveProfile?: string;
};

/** What is wrong with the records of a session: told line by line, or that nothing is. */
function tellFaults(records: readonly CallRecord[], key: RecordKey | undefined, context: CliContext): void {
  const faults = key
    ? checkCalls(records, key)
    : ['the gateway is no longer registered: nothing verifies its signatures'];
  for (const fault of faults) context.err(fault);
  if (faults.length > 0) context.exitWith(1);
  else context.err(`${records.length} records: whole, in order, and signed by the gateway.`);
}

/** All records of a session in a form that other tools read. */
async function exportCalls(
  records: readonly CallRecord[],
  options: Options & ArchiveOptions,
  context: CliContext,
): Promise<void> {
  const { export: format } = options;
  if (format === 'har') {
    context.out(JSON.stringify(harOf(await readExchanges(records, context.env, options))));
    return;
  }
  const written = format === 'jsonl' ? records : records.flatMap((record) => ocsfCallOf(record) ?? []);
  for (const item of written) context.out(JSON.stringify(item));
}

/** `postern calls`: what a session of the gateway called, was refused, and got. */
export function addCalls(program: Command, context: CliContext): void {
  const calls = program
    .command('calls')
    .description('what a session of the gateway called: the records, oldest first')
    .argument('<session-id>')
    .option('-f, --follow', 'go on with new records, until Ctrl-C')
    .option('--verify', 'check that none was altered or taken from between others')
    .option(...ARCHIVE_PROFILE)
    .addOption(
      new Option('--export <format>', 'all of it: OCSF events, or as an auditor an HTTP archive').choices([
        ...['jsonl', 'ocsf', 'har'],
      ]),
    )
    .action(async (sessionId: string, _: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<Options & ArchiveOptions>() };
      const { signal } = context;
      const broker = brokerFor(options, context);
      if (options.export) {
        await exportCalls(await readRecords(broker, sessionId, signal), options, context);
        return;
      }
      const seen: CallRecord[] = [];
      for (;;) {
        const after = seen.at(-1)?.seq ?? 0;
        const { calls: found, recordKey } = await broker.listGatewayCalls(sessionId, after, { signal });
        for (const record of found) context.out(options.json ? JSON.stringify(record) : describeCall(record));
        seen.push(...found);
        if (found.length > 0) continue;
        if (options.verify) tellFaults(seen, recordKey, context);
        if (!options.follow) return;
        await sleep(FOLLOW_MS, undefined, { signal });
      }
    });
  addCallsCommands(calls, context);
}
