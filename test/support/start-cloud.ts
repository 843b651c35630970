import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetExecutionHistoryCommand, type HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type ApiCaller, makeApiCaller } from '../../demo/call-api.ts';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import type { LimitsConfig } from '../../lambdas/shared/domain/limits/limits-config.ts';
import { bootSandbox } from '../../sandbox/boot.ts';
import type { BootOptions } from '../../sandbox/compose-sandbox.ts';
import { recordCalls, refusedOf } from './record-calls.ts';
import { startScriptedReviewer } from './scripted-reviewer.ts';
import { bundles, template } from './template.ts';
import { makeTokenCaller, type ProofKey } from './token-caller.ts';

type Tier = {
  name: string;
  channel: string;
  approverGroup?: string;
  onCall?: string;
  timeoutSeconds: number;
  reminderSeconds?: number;
};

type ConfigChanges = {
  tiers?: Tier[];
  limits?: Partial<LimitsConfig>;
  /** Guardrails that there are besides. */
  guardrails?: string;
  /** Rules that gateway.cedar has besides. */
  gatewayRules?: string;
};
/** What boots it: the sandbox as it is, unless a test puts something between its parts. */
type Boot = { boot?: typeof bootSandbox };

/** The repository's configuration with other tiers or limits, in a folder of its own. */
function configWith({ tiers, limits, guardrails, gatewayRules }: ConfigChanges): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-config-'));
  cpSync('config', folder, { recursive: true });
  if (tiers) writeFileSync(join(folder, 'approvals.json'), JSON.stringify({ version: 1, tiers }));
  if (limits) {
    const file = join(folder, 'limits.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...limits }));
  }
  if (guardrails) appendFileSync(join(folder, 'guardrails.cedar'), guardrails);
  if (gatewayRules) appendFileSync(join(folder, 'gateway.cedar'), gatewayRules);
  return folder;
}

/** The whole broker, on free ports and in memory, with a reviewer that says what the test tells it to. */
export async function startCloud({
  tiers,
  limits,
  guardrails,
  gatewayRules,
  boot = bootSandbox,
  ...options
}: BootOptions & ConfigChanges & Boot = {}) {
  const reviewer = await startScriptedReviewer();
  const configDir =
    tiers || limits || guardrails || gatewayRules
      ? configWith({
          ...(tiers && { tiers }),
          ...(limits && { limits }),
          ...(guardrails && { guardrails }),
          ...(gatewayRules && { gatewayRules }),
        })
      : undefined;
  const sandbox = await boot({
    ...(!options.template && { template: template(), bundles: bundles() }),
    env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: reviewer.url, OPENAI_MODEL: 'scripted' },
    ...(configDir && { configDir }),
    ...options,
  });
  const { aws, urls, access } = sandbox;
  const recorder = recordCalls(aws.observe);
  const key = { accessKeyId: 'AKIATESTADMINISTRATOR', secretAccessKey: 'of-this-test-alone' };
  aws.credentials.add({
    ...key,
    caller: {
      accountId: ACCOUNT_ID,
      arn: `arn:aws:iam::${ACCOUNT_ID}:user/test`,
      userId: 'AIDATEST',
      accessKeyId: key.accessKeyId,
      identityPolicies: [
        { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      ],
      principalTags: {},
    },
  });
  const clientOptions = { endpoint: urls.aws, region: REGION, credentials: key, maxAttempts: 1 };
  const raw = new DynamoDBClient(clientOptions);
  const stepFunctions = new SFNClient(clientOptions);
  const machineArn = `arn:aws:states:${REGION}:${ACCOUNT_ID}:stateMachine:access-request`;
  const executionArn = (requestId: string) =>
    `${machineArn.replace(':stateMachine:', ':execution:')}:${requestId}`;

  return {
    ...sandbox,
    reviewer,
    clientOptions,
    /** The console as passkeys know it. */
    passkeyOrigin: `http://localhost:${new URL(urls.console).port}`,
    /** What each function asked of AWS so far. */
    calls: recorder.calls,
    /** An administrator's clients: what a test arranges and looks at, no function could. */
    database: DynamoDBDocumentClient.from(raw, { marshallOptions: { removeUndefinedValues: true } }),
    stepFunctions,
    machineArn,
    executionArn,
    /** Calls the API as one of the demo's principals. A call with `?wait=20` waits for as long as it takes. */
    as(id: string): ApiCaller {
      const found = access.principals[id];
      if (!found) throw new Error(`the demo has no principal ${id}`);
      return waitingOn(makeApiCaller(urls.api, found));
    },
    /** The same with a token, at the door for those; for a subject, or bound to a key, where a test says so. */
    withToken(id: string, more: { subject?: string; key?: ProofKey } = {}): ApiCaller {
      const { tokenUrl } = access.principals[id] ?? {};
      if (!tokenUrl) throw new Error(`the demo has no principal ${id} that signs in`);
      return waitingOn(makeTokenCaller(urls.oidcApi, { tokenUrl, ...more }));
    },
    async subjectToken(subject: string): Promise<string> {
      const { token } = (await (await fetch(access.subjects[subject]?.tokenUrl ?? '')).json()) as {
        token: string;
      };
      return token;
    },
    async historyOf(requestId: string): Promise<HistoryEvent[]> {
      const { events = [] } = await stepFunctions.send(
        new GetExecutionHistoryCommand({ executionArn: executionArn(requestId), maxResults: 1000 }),
      );
      return events;
    },
    /**
     * Throws where a function called what its role, as synthesised, does not allow, but for the calls by which a
     * test tries just that.
     */
    async close(meantToBeRefused: readonly string[] = []): Promise<void> {
      recorder.end();
      raw.destroy();
      stepFunctions.destroy();
      await sandbox.close();
      await reviewer.close();
      if (configDir) rmSync(configDir, { recursive: true, force: true });
      const refusals = await refusedOf(recorder.calls(), sandbox.template);
      const refused = refusals.filter((line) => !meantToBeRefused.includes(line));
      if (refused.length > 0) throw new Error(`not allowed by the synthesised roles: ${refused.join('; ')}`);
    },
  };
}
export type Cloud = Awaited<ReturnType<typeof startCloud>>;

/** The states an execution entered, in order. */
export const statesIn = (events: readonly HistoryEvent[]): string[] =>
  events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);

/** Milliseconds after which an answer that is still wrong is taken to stay so, on a machine that is busy too. */
const PATIENCE_MS = 100_000;

/**
 * A caller for whom the twenty seconds that the API waits at most are not too few where the machine is busy: while its
 * request is still PENDING it asks again.
 */
function waitingOn(call: ApiCaller): ApiCaller {
  return async (method, path, body, headers) => {
    const answer = await call(method, path, body, headers);
    if (method !== 'POST' || !path.includes('wait=20') || answer.body.status !== 'PENDING') return answer;
    const { subjectToken } = (body ?? {}) as { subjectToken?: string };
    const own = subjectToken === undefined ? {} : { 'x-subject-token': subjectToken };
    return until(
      () => call('GET', `/requests/${answer.body.requestId}?wait=20`, undefined, own),
      (later) => later.body.status !== 'PENDING',
    );
  };
}

/** Milliseconds between looks: the first comes soon, the later ones leave the machine to what is waited for. */
const FIRST_LOOK_MS = 20;
const LATER_LOOKS_MS = 320;

/** Asks until the answer is right. */
export async function until<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(2 * waitMs, LATER_LOOKS_MS)) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`still ${JSON.stringify(answer)} after ${PATIENCE_MS / 1000} seconds`);
    await sleep(waitMs);
  }
}
