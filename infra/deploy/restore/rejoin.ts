import { parseArgs } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import * as z from 'zod';
import { RESTORER_ROLE, TABLE_NAMES } from '../../names.ts';
import { runCommand } from '../../run-command.ts';
import { readSettings } from '../../settings.ts';
import { makeAwsAccount } from '../aws-account.ts';
import { findPlace } from '../find-place.ts';
import { NotReady } from '../not-ready.ts';
import { type Rejoined, sayRejoined } from './say-rejoined.ts';

const USAGE =
  'npm run rejoin -- --to <time> --reason "…" [--table postern_audit …] [--yes]: --to is the time that tables were restored to, as 2026-11-29T04:00:00Z';

const lostSchema = z.object({ chain: z.string(), seq: z.number(), hash: z.string() });
const rejoinedSchema = z.object({
  putBack: z.record(z.string(), z.number()),
  lost: z.array(lostSchema),
  unexplained: z.array(lostSchema),
});

/** Has the audit log joined to its archive again after tables were restored. Without `--yes` it only says what it would do. */
await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      to: { type: 'string' },
      reason: { type: 'string' },
      table: { type: 'string', multiple: true, default: [TABLE_NAMES.audit] },
      yes: { type: 'boolean', default: false },
    },
  });
  const { to, reason, table: tables, yes } = values;
  if (!to || !reason || Number.isNaN(Date.parse(to))) throw new NotReady(USAGE);
  const { account, region } = await findPlace(makeAwsAccount(), readSettings());
  const { Arn: restoredBy = account } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  const lambda = new LambdaClient({
    region,
    credentials: fromTemporaryCredentials({
      params: { RoleArn: `arn:aws:iam::${account}:role/${RESTORER_ROLE}`, RoleSessionName: 'restore' },
    }),
    // One attempt, as long as the function may take: a second would record the restoration again.
    maxAttempts: 1,
    requestHandler: { requestTimeout: 900_000 },
  });
  const restoredTo = new Date(to).toISOString();
  const rejoin = async (dryRun: boolean): Promise<Rejoined> => {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({
        FunctionName: 'postern-rejoin-archive',
        Payload: JSON.stringify({ restoredTo, tables, reason, restoredBy, dryRun }),
      }),
    );
    const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null');
    if (FunctionError)
      throw new Error(
        `rejoin-archive failed (${String((answer as { errorType?: unknown })?.errorType)}): see /aws/lambda/postern-rejoin-archive`,
      );
    return rejoinedSchema.parse(answer);
  };
  for (const line of sayRejoined(await rejoin(true), 'would be')) console.log(line);
  if (!yes) throw new NotReady('nothing was written: --yes does it');
  for (const line of sayRejoined(await rejoin(false), 'were')) console.log(line);
  console.log('Recorded. Now: npm run audit:verify');
});
