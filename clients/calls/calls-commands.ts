import type { Command } from 'commander';
import { isLocal, replayExchange } from '../../gateway/replay/replay-exchange.ts';
import { callsInCloudTrailFiles } from '../../lambdas/shared/adapters/audit/cloudtrail-files.ts';
import type { CallRecord } from '../../lambdas/shared/domain/audit/call-record.ts';
import { findCloudTrail } from '../audit/find-cloudtrail.ts';
import { brokerFor, type CliContext, commonOf } from '../cli/cli-context.ts';
import type { BrokerClient } from '../sdk/broker-client.ts';
import { PosternError } from '../sdk/postern-error.ts';
import type { RecordedCall } from './har-of.ts';
import { type ArchiveOptions, openExchanges } from './open-exchanges.ts';
import { reconcileCalls } from './reconcile-calls.ts';
import { sayReconciled, sayReplayed } from './say-replayed.ts';

/** The option of what reads bodies. */
export const ARCHIVE_PROFILE = [
  '--archive-profile <name>',
  'the AWS profile of an auditor that reads the archive; else as `audit` does',
] as const;

/** Every record of a session, oldest first. */
export async function readRecords(
  broker: Pick<BrokerClient, 'listGatewayCalls'>,
  sessionId: string,
  signal: AbortSignal,
): Promise<CallRecord[]> {
  const records: CallRecord[] = [];
  for (;;) {
    const { calls } = await broker.listGatewayCalls(sessionId, records.at(-1)?.seq ?? 0, { signal });
    if (calls.length === 0) return records;
    records.push(...calls);
  }
}

/** The calls of a session that were made, each with what is kept of it. */
export async function readExchanges(
  records: readonly CallRecord[],
  env: CliContext['env'],
  options: ArchiveOptions,
): Promise<RecordedCall[]> {
  const read = await openExchanges(env, options);
  const calls: RecordedCall[] = [];
  for (const record of records) {
    if (record.event === 'outcome') calls.push({ record, exchange: await read(record) });
  }
  return calls;
}

/** Where calls are made again, and with which keys: those of the environment, as AWS tools read it. */
function replayTarget(env: CliContext['env'], named: string | undefined) {
  const endpoint = named ?? env.AWS_ENDPOINT_URL;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!endpoint || !URL.canParse(endpoint) || !isLocal(new URL(endpoint))) {
    throw new PosternError({
      code: 'no_sandbox',
      detail:
        'Name a sandbox of this machine with --to or AWS_ENDPOINT_URL: calls are made again nowhere else.',
    });
  }
  if (!accessKeyId || !secretAccessKey) {
    throw new PosternError({
      code: 'no_credentials',
      detail: 'Run it with keys of the sandbox: postern gateway open --reason … -- postern calls replay …',
    });
  }
  const sessionToken = env.AWS_SESSION_TOKEN;
  return {
    endpoint: new URL(endpoint),
    keys: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    now: () => new Date(),
  };
}

/** `postern calls replay` and `postern calls reconcile`. */
export function addCallsCommands(calls: Command, context: CliContext): void {
  calls
    .command('replay')
    .description('make the calls of a session again, in a sandbox on this machine, and compare the answers')
    .argument('<session-id>')
    .option(...ARCHIVE_PROFILE)
    .option('--to <url>', 'the sandbox’s endpoint; or AWS_ENDPOINT_URL')
    .action(async (sessionId: string, _: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<{ to?: string; archiveProfile?: string }>() };
      const to = replayTarget(context.env, options.to);
      const records = await readRecords(brokerFor(options, context), sessionId, context.signal);
      let different = 0;
      for (const call of await readExchanges(records, context.env, options)) {
        const replayed = call.exchange
          ? await replayExchange(call.exchange, to)
          : ({ outcome: 'skipped', because: 'nothing of it is kept' } as const);
        if (replayed.outcome === 'different') different += 1;
        const { callId, service, operation } = call.record.facts;
        context.out(
          options.json
            ? JSON.stringify({ callId, service, operation, ...replayed })
            : sayReplayed(call, replayed),
        );
      }
      if (different > 0) context.exitWith(1);
    });

  calls
    .command('reconcile')
    .description('hold the records against CloudTrail: calls of the gateway’s sessions that no record has')
    .argument('[session-id...]', 'all of your own, unless named')
    .option('--principal <id>', 'the sessions of this one, as an auditor')
    .option('--cloudtrail <folder>', 'of CloudTrail log files; the sandbox keeps its own')
    .action(async (named: string[], _: unknown, command: Command) => {
      const options = {
        ...commonOf(command),
        ...command.opts<{ principal?: string; cloudtrail?: string }>(),
      };
      const { signal } = context;
      const broker = brokerFor(options, context);
      const listed =
        named.length > 0 ? undefined : await broker.listGatewaySessions(options.principal, { signal });
      const sessions = listed ? listed.sessions.map(({ sessionId }) => sessionId) : named;
      const records: CallRecord[] = [];
      for (const session of sessions) records.push(...(await readRecords(broker, session, signal)));
      const found = await reconcileCalls(
        records,
        callsInCloudTrailFiles(findCloudTrail(context.env, options.cloudtrail)),
      );
      if (options.json) context.out(JSON.stringify(found));
      else for (const line of sayReconciled(found)) context.out(line);
      if (found.unrecorded.some(({ why }) => why === 'unknown')) context.exitWith(1);
    });
}
