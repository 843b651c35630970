import { createServer, type ServerResponse } from 'node:http';
import type { CallRecord } from '../../lambdas/shared/domain/audit/call-record.ts';
import type { CatalogFile } from '../../lambdas/shared/domain/catalog/catalog.ts';
import {
  holdsArn,
  type Placeholders,
  resolveArns,
} from '../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { compileRules } from '../authorize/compile-rules.ts';
import { type CatalogKeys, makeDecide } from '../authorize/decide-call.ts';
import { makeOpenSession } from '../come-in/open-session.ts';
import { makeUpstreams } from '../forward/upstream.ts';
import { makeAskPeople } from '../hold/ask-people.ts';
import { type HoldPorts, makeHold } from '../hold/hold-call.ts';
import { openIamData } from '../identify/iam/open-iam-data.ts';
import { openModels } from '../identify/read-models.ts';
import { deriveKeys } from '../keys/derive-keys.ts';
import { parseMasks } from '../mask/masks-config.ts';
import { makePlanMask } from '../mask/plan-mask.ts';
import { makeBroker } from '../obtain/ask-broker.ts';
import { delay } from '../obtain/delay.ts';
import { makeObtain } from '../obtain/obtain-session.ts';
import { makeSendToBroker } from '../obtain/send-to-broker.ts';
import { type ExchangeArchive, makeKeepExchange } from '../record/keep-exchange.ts';
import { makeRecorder } from '../record/record-calls.ts';
import type { SigningKeys } from '../wire/sign-request.ts';
import { type CallPorts, makeHandleCall } from './handle-call.ts';
import type { HoldTimes } from './hold-for-people.ts';
import type { CallMemory } from './judge-call.ts';
import { makeRunningCalls } from './running-calls.ts';

export type GatewayOptions = {
  readonly port: number;
  /** The address that it listens on. */
  readonly hostname: string;
  readonly ownHosts: readonly string[];
  /** The broker's API. */
  readonly api: string;
  readonly home: Placeholders;
  /** One endpoint for all of AWS: the sandbox's, or an emulator's. AWS's own hosts without it. */
  readonly upstream?: string | undefined;
  readonly roleArn: string;
  readonly seed: Buffer;
  readonly signingKeys: () => Promise<SigningKeys>;
  readonly rulesText: string;
  /** masks.json; nothing is masked without it. */
  readonly masksText?: string | undefined;
  readonly catalog: CatalogFile;
  readonly delegations: CallPorts['delegations'];
  readonly principals: CallPorts['principals'];
  readonly calls: { append(record: CallRecord): Promise<boolean> };
  /** Where bodies are kept, by their keys; nothing of them is kept without it. */
  readonly archive?: ExchangeArchive | undefined;
  readonly memory: CallMemory;
  readonly countAsk: (principalId: string) => Promise<number>;
  readonly clock: () => Date;
  readonly log: (facts: Record<string, unknown>) => void;
  /** Which approvals of calls were used. */
  readonly approvals: HoldPorts['approvals'];
  /** Verifies ValidateDecision's seals, by KMS. */
  readonly sealKey: HoldPorts['sealKey'];
  readonly times?: Partial<HoldTimes>;

  readonly mostAsksPerHour?: number;
  /** Milliseconds between two looks at the sessions whose calls are running. */
  readonly lookMs?: number;
};

/** Milliseconds for which a call is held while people are asked: SDKs wait a minute for an answer. */
const HOLD_MS = 50_000;
/** The same for clients that are known to bear `100 Continue`, and how often they are told it. */
const PATIENT_MS = 300_000;
const CONTINUE_MS = 20_000;
const LOOK_AGAIN_MS = 1000;
const MOST_ASKS_PER_HOUR = 120;
const MOST_HEADER_BYTES = 64 * 1024;
const DRAIN_LOOK_MS = 50;

/** The entries of the catalog that an ARN is in. */
function makeCatalogKeys(catalog: CatalogFile, home: Placeholders): CatalogKeys {
  const entries = catalog.resources.map((resource) => resolveArns(resource, home));
  return (arn) => entries.filter((entry) => holdsArn(entry, arn)).map(({ key }) => key);
}

/** The data path: takes AWS's API of clients that hold placeholder keys, and makes their calls. Throws ConfigError. */
export async function startGateway(options: GatewayOptions) {
  const { home, clock, log, catalog } = options;
  const keys = deriveKeys(options.seed);
  const [models, iam] = [openModels(), openIamData()];
  const rules = compileRules(options.rulesText, catalog, iam, models);
  const masks = options.masksText === undefined ? [] : parseMasks(options.masksText, catalog, models);
  const recorder = makeRecorder({
    calls: options.calls,
    sign: keys.signRecord,
    clock,
    onLost: ({ session, facts }) => log({ lost: 'outcome', session, callId: facts.callId }),
  });
  const finding = { delegations: options.delegations, roleArn: options.roleArn, clock };
  const running = makeRunningCalls(finding, options.lookMs);
  const place = { api: options.api, region: home.region, signingKeys: options.signingKeys, clock };
  const broker = makeBroker({ ...place, keys });
  const { countAsk, mostAsksPerHour = MOST_ASKS_PER_HOUR } = options;
  const asks = { countAsk, mostAsksPerHour, clock };
  const times = {
    holdMs: HOLD_MS,
    patientMs: PATIENT_MS,
    continueMs: CONTINUE_MS,
    lookMs: LOOK_AGAIN_MS,
    ...options.times,
  };
  const obtain = makeObtain({ ...asks, broker, holdMs: times.holdMs });
  const people = makeAskPeople(makeSendToBroker(place));
  const hold = makeHold({
    ...asks,
    people,
    sealKey: options.sealKey,
    approvals: options.approvals,
    lookMs: times.lookMs,
  });
  const handleCall = makeHandleCall({
    ...finding,
    ...{ keys, models, iam, rules, recorder, running, obtain, hold, times, log, broker, home },
    decide: makeDecide(rules, iam, makeCatalogKeys(catalog, home)),
    memory: options.memory,
    keepExchange: makeKeepExchange(options.archive, log),
    planMask: makePlanMask(masks, catalog, home),
    principals: options.principals,
    ownHosts: options.ownHosts,
    upstreams: makeUpstreams(options.upstream),
  });
  const openSession = makeOpenSession({ ...finding, keys, recorder });

  const open = new Set<ServerResponse>();
  let isDraining = false;
  const server = createServer(
    { maxHeaderSize: MOST_HEADER_BYTES, requestTimeout: 0 },
    (incoming, response) => {
      response.once('close', () => open.delete(response));
      open.add(response);
      const isOpening = incoming.method === 'POST' && incoming.url === '/_postern/sessions';
      if (incoming.url === '/_postern/health') {
        // What is draining takes no new connections: a load balancer sends them elsewhere.
        const [status, text] = isDraining ? [503, 'draining\n'] : [200, 'ok\n'];
        response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
        return;
      }
      const answered = isOpening ? openSession(incoming, response) : handleCall(incoming, response);
      answered.catch((error: unknown) => {
        log({ defect: error instanceof Error ? error.name : 'unknown' });
        response.destroy();
      });
    },
  );
  const { promise: listening, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(options.port, options.hostname, () => {
    const address = server.address();
    resolve(typeof address === 'object' && address ? address.port : options.port);
  });
  const port = await listening;
  async function close(): Promise<void> {
    running.close();
    const closed = new Promise<void>((done) => server.close(() => done()));
    server.closeAllConnections();
    await closed;
  }
  return {
    url: `http://${options.hostname}:${port}`,
    publicKey: keys.publicKey,
    recordKey: keys.recordKey,
    close,
    /** Lets calls that are under way come to their end, for so many milliseconds at most, and takes no new connection. */
    async drain(mostMs: number): Promise<void> {
      isDraining = true;
      const endsAt = performance.now() + mostMs;
      server.close();
      while (open.size > 0 && performance.now() < endsAt) {
        server.closeIdleConnections();
        await delay(DRAIN_LOOK_MS);
      }
      await close();
    },
  };
}
export type RunningGateway = Awaited<ReturnType<typeof startGateway>>;
