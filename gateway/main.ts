import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeArchiveBucket } from '../lambdas/shared/adapters/audit/archive-bucket.ts';
import { makeMacKey } from '../lambdas/shared/adapters/audit/mac-key.ts';
import { readConfigFiles } from '../lambdas/shared/adapters/config/read-config.ts';
import { makeCallers } from '../lambdas/shared/adapters/identity/callers.ts';
import { documentClient, kmsClient } from '../lambdas/shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../lambdas/shared/adapters/runtime/environment.ts';
import { makeCallMemory } from '../lambdas/shared/adapters/tables/call-memory.ts';
import { makeCallsTable } from '../lambdas/shared/adapters/tables/calls-table.ts';
import { makeOnceTable } from '../lambdas/shared/adapters/tables/once-table.ts';
import { startGateway } from './serve/start-gateway.ts';

/** Milliseconds for which a task that is told to end lets its calls come to theirs; Fargate waits two minutes at most. */
const DRAIN_MS = 110_000;

/** The gateway as a process of its own: an ECS task, with the credentials of its role. */
async function main(): Promise<void> {
  const [region, roleArn] = [requiredEnv('AWS_REGION'), requiredEnv('GATEWAY_ROLE_ARN')];
  const configDir = requiredEnv('POSTERN_CONFIG_DIR');
  const [, partition = '', , , accountId = ''] = roleArn.split(':');
  const clock = () => new Date();
  const client = documentClient();
  const signingKeys = () => client.config.credentials();
  const table = (name: string) => ({ client, tableName: requiredEnv(name) });
  const memory = makeCallMemory(makeOnceTable({ ...table('ONCE_TABLE'), clock }));
  const masks = join(configDir, 'masks.json');
  const gateway = await startGateway({
    port: Number(process.env.PORT ?? 4782),
    hostname: process.env.GATEWAY_ADDRESS ?? '0.0.0.0',
    ownHosts: requiredEnv('GATEWAY_HOSTS').split(','),
    api: requiredEnv('POSTERN_API'),
    home: { partition, region, accountId },
    // One endpoint for all of AWS: an emulator's. AWS's own hosts without it.
    upstream: process.env.GATEWAY_UPSTREAM || undefined,
    roleArn,
    seed: Buffer.from(requiredEnv('GATEWAY_SEED'), 'base64url'),
    signingKeys,
    rulesText: readFileSync(join(configDir, 'gateway.cedar'), 'utf8'),
    masksText: existsSync(masks) ? readFileSync(masks, 'utf8') : undefined,
    catalog: readConfigFiles(configDir).catalog,
    ...makeCallers({
      client,
      delegationsTable: requiredEnv('DELEGATIONS_TABLE'),
      principalsTable: requiredEnv('PRINCIPALS_TABLE'),
    }),
    calls: makeCallsTable(table('CALLS_TABLE')),
    archive: makeArchiveBucket({ url: requiredEnv('ARCHIVE_URL'), region, credentials: signingKeys }),
    memory,
    countAsk: memory.countAsk,
    approvals: memory.approvals,
    sealKey: makeMacKey({ client: kmsClient(), keyId: requiredEnv('SEAL_KEY_ID') }),
    clock,
    log: (facts) => console.log(JSON.stringify(facts)),
  });
  // The seed is in this process's keys, and nothing that it starts may have it.
  delete process.env.GATEWAY_SEED;
  console.log(JSON.stringify({ listening: gateway.url }));
  const end = () => void gateway.drain(DRAIN_MS).then(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

main().catch((error: unknown) => {
  console.error(JSON.stringify({ failed: error instanceof Error ? error.message : String(error) }));
  process.exit(1);
});
