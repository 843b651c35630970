import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { AwsError } from '../../gateway/wire/aws-error.ts';
import { readCall } from '../../gateway/wire/read-call.ts';
import type { ReceivedRequest } from '../../gateway/wire/read-claim.ts';
import { receive } from '../../gateway/wire/receive.ts';
import { verifySignature } from '../../gateway/wire/verify-signature.ts';
import { listenLocally } from '../listen-locally.ts';
import type { AwsOptions } from '../sandbox-parts.ts';
import { type Authorization, authorize, isAllowed, type Observation } from './authorize.ts';
import { sampleSecret } from './brokered/fill-with-samples.ts';
import { startBrokered } from './brokered/start-brokered.ts';
import { makeEventHistory } from './cloudtrail/event-history.ts';
import { createCredentialStore, createRoles } from './credential-store.ts';
import type { Consumed } from './dynamodb/consumed-units.ts';
import { createTables } from './dynamodb/create-tables.ts';
import { startDatabase } from './dynamodb/start-database.ts';
import { throughKeys } from './kms/through-services.ts';
import { readRestCall } from './rest/read-rest-call.ts';
import { unchunkBody } from './rest/unchunk-body.ts';
import { createArchive } from './s3/archive-service.ts';
import { openObjectStore } from './s3/object-store.ts';
import { createAccountReads, noteUses } from './services/account-reads.ts';
import { createBedrock } from './services/bedrock.ts';
import { createCloudtrail } from './services/cloudtrail.ts';
import { createDynamodb } from './services/dynamodb.ts';
import { createIam } from './services/iam.ts';
import { createKms } from './services/kms.ts';
import { createSecretsManager } from './services/secrets-manager.ts';
import { createSts } from './services/sts.ts';
import { startOtherAccounts } from './start-other-accounts.ts';
import type { AwsCall, AwsService, TimedCall } from './types.ts';
import { type AnswerProtocol, writeAnswer, writeError } from './write-answer.ts';

/** Of what was no call at all. */
const NO_EVENT = new Set(['UnknownOperationException', 'NotImplemented']);

/** Services whose calls are told by method, path and query. */
const REST: Readonly<Record<string, AnswerProtocol>> = {
  s3: 'rest-xml',
  lambda: 'rest-json',
  bedrock: 'rest-json',
};

/** How an answer is to be written, before anything of a request is believed. */
function protocolOf({ headers, url }: Request): AnswerProtocol {
  if (headers.has('x-amz-target')) return 'json';
  const credential = headers.get('authorization') ?? new URL(url).searchParams.get('X-Amz-Credential') ?? '';
  const [, service = ''] = /\/([a-z0-9-]+)\/aws4_request/.exec(credential) ?? [];
  return REST[service] ?? 'query';
}

/** The time that a signature is looked at: a test that moves the clock still signs by the machine's own itself. */
function nearest({ headers, url }: Pick<ReceivedRequest, 'headers' | 'url'>, now: Date): Date {
  const machine = new Date();
  const written = headers.get('x-amz-date') ?? url.searchParams.get('X-Amz-Date') ?? '';
  const [, date = '', time = ''] = /^(\d{8})T(\d{6})Z$/.exec(written) ?? [];
  const signed = Date.parse(
    `${date.replace(/(\d{4})(\d\d)/, '$1-$2-')}T${time.replace(/(\d\d)(\d\d)/, '$1:$2:')}Z`,
  );
  return Math.abs(signed - now.getTime()) <= Math.abs(signed - machine.getTime()) ? now : machine;
}

/** The AWS endpoint: signatures and IAM in front of every service, on one port of this machine. */
export async function startAwsEndpoint({
  port,
  template,
  services,
  dataDir,
  streamed,
  catalog = [],
  members = new Map(),
  now = () => new Date(),
}: AwsOptions) {
  const roles = createRoles(template.roles);
  const otherRoles = new Map([...members].map(([id, { roles: specs }]) => [id, createRoles(specs)] as const));
  const credentials = createCredentialStore(ACCOUNT_ID, roles, now, otherRoles);
  const database = await startDatabase(dataDir && join(dataDir, 'dynamodb'));
  await createTables(template.tables, database);
  const place = { region: REGION, accountId: ACCOUNT_ID };
  // Known once the port is: nobody calls before.
  let url = '';
  const brokered = startBrokered({
    ...place,
    catalog: catalog.filter(({ account }) => account === undefined),
    own: { queues: template.queues.map(({ name }) => name), topicArns: template.topicArns },
    archive: createArchive(openObjectStore(dataDir && join(dataDir, 'archive'))),
    url: () => url,
  });
  const secrets = createSecretsManager(
    [...template.secrets, ...brokered.resources.secrets],
    `arn:aws:secretsmanager:${REGION}:${ACCOUNT_ID}:secret:`,
  );
  for (const { name } of brokered.resources.secrets) secrets.put(name, sampleSecret(name));
  const sts = createSts(credentials, roles, now, otherRoles);
  const uses = noteUses();
  const history = makeEventHistory(now);
  const meters = new Set<(consumed: Consumed) => void>();
  const all: AwsService[] = [
    createDynamodb(
      template.tables,
      database,
      `arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:table/`,
      streamed,
      (consumed) => {
        for (const meter of meters) meter(consumed);
      },
    ),
    sts,
    createKms(template.keys, dataDir, brokered.resources.keys),
    createIam(roles, createAccountReads({ roles, credentials, usesOf: uses.usesOf, startedAt: new Date() })),
    ...brokered.services,
    createBedrock(place),
    createCloudtrail(history, now, brokered.nameOthers),
    secrets,
    ...services,
  ];
  const byName = new Map(
    all.map((service) => [service.name, throughKeys(service, brokered.resources.keyOf, place)]),
  );
  const servicesOf = startOtherAccounts({
    ...{ roles: otherRoles, catalog, region: REGION, url: () => url, shared: [sts] },
    readsOf: (others) =>
      createAccountReads({
        roles: others,
        credentials: { users: () => [] },
        usesOf: uses.usesOf,
        startedAt: new Date(),
      }),
  });
  const observers = new Set<(observation: Observation) => void>([uses.note]);
  const observe = (observation: Observation) => {
    for (const observer of observers) observer(observation);
  };

  const timers = new Set<(timed: TimedCall) => void>();
  /** Milliseconds. */
  let leastMs = 0;

  async function answer(request: Request): Promise<Response> {
    const requestId = randomUUID();
    const response = await answerAs(requestId, request);
    response.headers.set('x-amzn-requestid', requestId);
    return response;
  }

  /** Makes a call that IAM allows. What came of it, a denial too, is in the history of events. */
  async function perform(
    service: AwsService,
    call: AwsCall & { region: string },
    requestId: string,
    startedAt: number,
  ): Promise<unknown> {
    const { caller, operation, input } = call;
    const resources: string[] = [];
    const told = { ...call, requestId, resources };
    try {
      authorize(service, call, (decision) => {
        resources.push(decision.resource);
        observe({ ...decision, requestId });
      });
      const output = await service.handle(call).finally(async () => {
        const leftMs = leastMs - (performance.now() - startedAt);
        if (leftMs > 0) await sleep(leftMs);
        const endedAt = performance.now();
        const timed = { callerArn: caller.arn, service: call.service, operation, input, startedAt, endedAt };
        for (const timer of timers) timer(timed);
      });
      history.note(told);
      return output;
    } catch (error) {
      // AWS has no such operation, or the sandbox does not: there is no event of either.
      const isNone = error instanceof AwsError && NO_EVENT.has(error.code);
      if (error instanceof AwsError && !isNone) history.note({ ...told, error });
      throw error;
    }
  }

  async function answerAs(requestId: string, request: Request): Promise<Response> {
    const startedAt = performance.now();
    let protocol = protocolOf(request);
    try {
      const received = await receive(request);
      const {
        caller,
        service: name,
        region,
      } = await verifySignature(received, credentials.find, nearest(received, now()));
      const service = (servicesOf(caller.accountId) ?? byName).get(name);
      if (!service) {
        // Whatever protocol it has: most are of JSON.
        protocol = 'json';
        throw new AwsError('UnknownServiceException', `The sandbox does not imitate ${name}.`, 400);
      }
      const { operation, input } = REST[name]
        ? readRestCall(unchunkBody(received), name, brokered.models)
        : readCall(received);
      const call = { service: name, operation, input, caller, region };
      const output = await perform(service, call, requestId, startedAt);
      return output instanceof Response ? output : writeAnswer(protocol, operation, output);
    } catch (error) {
      if (error instanceof AwsError) return writeError(protocol, error);
      const unexpected = error instanceof Error ? error.message : 'unknown';
      return writeError(protocol, new AwsError('InternalFailure', `The sandbox failed: ${unexpected}`, 500));
    }
  }

  /** Who signed a call of API Gateway (execute-api); throws AwsError where nobody did, badly, or for another service. */
  async function verify(request: Request) {
    const received = await receive(request.clone());
    const { caller, service, region } = await verifySignature(
      received,
      credentials.find,
      nearest(received, now()),
    );
    if (region !== REGION) {
      const why = `Credential should be scoped to a valid region, not '${region}'.`;
      throw new AwsError('InvalidSignatureException', why, 403);
    }
    if (service === 'execute-api') return caller;
    throw new AwsError(
      'InvalidSignatureException',
      "Credential should be scoped to correct service: 'execute-api'.",
      403,
    );
  }

  const server = await listenLocally(port, answer).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  url = server.url;
  return {
    url,
    credentials,
    secrets: { put: secrets.put },
    published: brokered.published,
    queueOf: brokered.queueOf,
    verify,
    /** Whether IAM lets whoever signed a call of API Gateway make it. Throws AwsError where nobody signed it, or badly. */
    async mayCall(request: Request, authorization: Pick<Authorization, 'action' | 'resource'>) {
      const caller = await verify(request);
      const allowed = isAllowed(caller, authorization);
      const operation = authorization.action.replace(/^.*:/, '');
      observe({
        ...{ caller, service: 'execute-api', operation, allowed, requestId: randomUUID() },
        ...authorization,
      });
      return allowed;
    },
    /** Sees every decision of IAM; the answer ends it. */
    observe(observer: (observation: Observation) => void): () => void {
      observers.add(observer);
      return () => observers.delete(observer);
    },
    /** Sees what each call consumes of the tables. */
    meter(meter: (consumed: Consumed) => void): void {
      meters.add(meter);
    },
    /** Sees each call that IAM let through, once it is answered. */
    time(timer: (timed: TimedCall) => void): void {
      timers.add(timer);
    },
    /** From now on no call is answered sooner than this: as over a network, what is sent at once is under way at once. */
    answerAfter(milliseconds: number): void {
      leastMs = milliseconds;
    },
    async close(): Promise<void> {
      await server.close();
      await database.close();
    },
  };
}
