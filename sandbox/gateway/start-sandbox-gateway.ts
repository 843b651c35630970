import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { startGateway } from '../../gateway/serve/start-gateway.ts';
import { TABLE_NAMES } from '../../infra/names.ts';
import { makeArchiveBucket } from '../../lambdas/shared/adapters/audit/archive-bucket.ts';
import { makeMacKey } from '../../lambdas/shared/adapters/audit/mac-key.ts';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { makeCallers } from '../../lambdas/shared/adapters/identity/callers.ts';
import { makeCallMemory } from '../../lambdas/shared/adapters/tables/call-memory.ts';
import { makeCallsTable } from '../../lambdas/shared/adapters/tables/calls-table.ts';
import { makeOnceTable } from '../../lambdas/shared/adapters/tables/once-table.ts';
import type { GatewayPartOptions } from '../sandbox-parts.ts';
import { auditAccess } from '../seed/audit-access.ts';
import { gatewayCredential, sealKeyOf } from './gateway-credential.ts';
import { GATEWAY_ROLE } from './gateway-seed.ts';

/** The masks of a configuration; none where it has no such file. */
function readMasks(configDir: string): string | undefined {
  const file = join(configDir, 'masks.json');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** The gateway in front of the sandbox's AWS endpoint, as a role of its own. Throws ConfigError. */
export async function startSandboxGateway(options: GatewayPartOptions) {
  const { port, seed, configDir, aws, edge, logs, template, clock = () => new Date(), times } = options;
  const archive = auditAccess(template, aws).archiveUrl;
  const sealKeyId = sealKeyOf(template);
  const credentials = gatewayCredential(aws, template);
  const kms = new KMSClient({ endpoint: aws.url, region: REGION, credentials, maxAttempts: 2 });
  const plain = new DynamoDBClient({ endpoint: aws.url, region: REGION, credentials, maxAttempts: 2 });
  const client = DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });
  const memory = makeCallMemory(makeOnceTable({ client, tableName: TABLE_NAMES.once, clock }));
  const gateway = await startGateway({
    port,
    hostname: '127.0.0.1',
    ownHosts: ['127.0.0.1', 'localhost'],
    api: `${edge.url}/api`,
    home: { partition: 'aws', region: REGION, accountId: ACCOUNT_ID },
    upstream: aws.url,
    roleArn: GATEWAY_ROLE,
    seed,
    signingKeys: async () => credentials,
    rulesText: readFileSync(join(configDir, 'gateway.cedar'), 'utf8'),
    masksText: readMasks(configDir),
    catalog: readConfigFiles(configDir).catalog,
    ...makeCallers({
      client,
      delegationsTable: TABLE_NAMES.delegations,
      principalsTable: TABLE_NAMES.principals,
    }),
    calls: makeCallsTable({ client, tableName: TABLE_NAMES.calls }),
    archive: makeArchiveBucket({ url: archive, region: REGION, credentials: () => credentials }),
    memory,
    countAsk: memory.countAsk,
    approvals: memory.approvals,
    sealKey: makeMacKey({ client: kms, keyId: sealKeyId }),
    ...(times && { times }),
    clock,
    log: (facts) =>
      logs.add({ functionName: 'gateway', loggedAtMs: Date.now(), text: JSON.stringify(facts) }),
  });
  return {
    url: gateway.url,
    recordKey: gateway.recordKey,
    async close(): Promise<void> {
      await gateway.close();
      plain.destroy();
      kms.destroy();
    },
  };
}
