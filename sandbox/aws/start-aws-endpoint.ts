import { join } from 'node:path';
import { listenLocally } from '../listen-locally.ts';
import type { AwsOptions } from '../sandbox-parts.ts';
import { authorize, type Observation } from './authorize.ts';
import { createCredentialStore, createRoles } from './credential-store.ts';
import { createTables } from './dynamodb/create-tables.ts';
import { startDatabase } from './dynamodb/start-database.ts';
import { readCall } from './read-call.ts';
import { createDynamodb } from './services/dynamodb.ts';
import { createIam } from './services/iam.ts';
import { createKms } from './services/kms.ts';
import { createSecretsManager } from './services/secrets-manager.ts';
import { createSts } from './services/sts.ts';
import { AwsError, type AwsService } from './types.ts';
import { verifySignature } from './verify-signature.ts';
import { writeAnswer, writeError } from './write-answer.ts';

/** Where the sandbox takes itself to be deployed; see compose-sandbox.ts. */
const ACCOUNT_ID = '123456789012';
const REGION = 'eu-central-1';

/** Bytes; DynamoDB's own bound on a batch. */
const MOST_BODY_BYTES = 16 * 1024 * 1024;

/** The AWS endpoint: signatures and IAM in front of every service, on one port of this machine. */
export async function startAwsEndpoint({ port, template, services, dataDir }: AwsOptions) {
  const roles = createRoles(template.roles);
  const credentials = createCredentialStore(ACCOUNT_ID, roles);
  const database = await startDatabase(dataDir && join(dataDir, 'dynamodb'));
  await createTables(template.tables, database);
  const secrets = createSecretsManager(
    template.secrets,
    `arn:aws:secretsmanager:${REGION}:${ACCOUNT_ID}:secret:`,
  );
  const all: AwsService[] = [
    createDynamodb(template.tables, database, `arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:table/`),
    createSts(credentials, roles),
    createKms(template.keys),
    createIam(roles),
    secrets,
    ...services,
  ];
  const byName = new Map(all.map((service) => [service.name, service]));
  const observers = new Set<(observation: Observation) => void>();
  const observe = (observation: Observation) => {
    for (const observer of observers) observer(observation);
  };

  const received = async (request: Request) => {
    const body = new Uint8Array(await request.clone().arrayBuffer());
    if (body.length > MOST_BODY_BYTES)
      throw new AwsError('RequestEntityTooLarge', 'The body is too large.', 413);
    return { method: request.method, url: new URL(request.url), headers: request.headers, body };
  };

  async function answer(request: Request): Promise<Response> {
    const protocol = request.headers.has('x-amz-target') ? 'json' : 'query';
    try {
      const it = await received(request);
      const { caller, service: name } = await verifySignature(it, credentials.find, new Date());
      const { operation, input } = readCall(it.headers, new TextDecoder().decode(it.body));
      const service = byName.get(name);
      if (!service)
        throw new AwsError('UnknownServiceException', `The sandbox does not imitate ${name}.`, 400);
      const call = { service: name, operation, input, caller };
      await authorize(service, call, observe);
      return writeAnswer(protocol, operation, await service.handle(call));
    } catch (error) {
      if (error instanceof AwsError) return writeError(protocol, error);
      const unexpected = error instanceof Error ? error.message : 'unknown';
      return writeError(protocol, new AwsError('InternalFailure', `The sandbox failed: ${unexpected}`, 500));
    }
  }

  const server = await listenLocally(port, answer).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  return {
    url: server.url,
    credentials,
    secrets: { put: secrets.put },
    /** Who signed a request for any service; throws AwsError where nobody did, or badly. */
    verify: async (request: Request) =>
      (await verifySignature(await received(request), credentials.find, new Date())).caller,
    /** Sees every decision of IAM; the answer ends it. */
    observe(observer: (observation: Observation) => void): () => void {
      observers.add(observer);
      return () => observers.delete(observer);
    },
    async close(): Promise<void> {
      await server.close();
      await database.close();
    },
  };
}
