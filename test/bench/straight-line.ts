import { setImmediate as nextTick } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { ulid } from 'ulid';
import { handler as assumeRole } from '../../lambdas/assume-role/handler.ts';
import { handler as loadPolicy } from '../../lambdas/load-policy/handler.ts';
import { handler as reviewRequest } from '../../lambdas/review-request/handler.ts';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { documentClient } from '../../lambdas/shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../lambdas/shared/adapters/runtime/environment.ts';
import { makeRecipientKeyPair } from '../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import { thumbprintOf } from '../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import { makeIdempotencyTable } from '../../lambdas/shared/adapters/tables/idempotency-table.ts';
import { makePrincipalLookups } from '../../lambdas/shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../../lambdas/shared/adapters/tables/principals-table.ts';
import { makeRequestsTable } from '../../lambdas/shared/adapters/tables/requests-table.ts';
import { makeUsageTable } from '../../lambdas/shared/adapters/tables/usage-table.ts';
import { accessRequestOf } from '../../lambdas/shared/domain/request-row.ts';
import { makeAdmit } from '../../lambdas/shared/requests/admit.ts';
import { openRequest } from '../../lambdas/shared/requests/open-request.ts';
import { handler as validateDecision } from '../../lambdas/validate-decision/handler.ts';
import { handler as writeLog } from '../../lambdas/write-log/handler.ts';
import { arnOfHired } from './hire.ts';
import { measure } from './measure.ts';
import { countOutside } from './outside-time.ts';
import type { StraightLineAnswer, StraightLineTask } from './straight-line-messages.ts';
import { UNLIMITED } from './unlimited.ts';

/**
 * The straight-line broker, in a thread as every function has one: what the front door does, then the steps of the
 * workflow, called one after the other. No engine, no HTTP in front, nothing waits for anything but its own calls.
 */
const outside = countOutside();
const client = documentClient();
const clock = () => new Date();
const principals = makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') });
const lookups = makePrincipalLookups({ client, tableName: requiredEnv('AWS_PRINCIPALS_TABLE'), principals });
const requests = makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock });
const opening = {
  requests,
  admit: makeAdmit({
    usage: makeUsageTable({ client, tableName: requiredEnv('USAGE_TABLE'), clock }),
    requests,
    limits: () => ({ ...readConfigFiles().limits, human: UNLIMITED }),
    clock,
  }),
  idempotency: makeIdempotencyTable({ client, tableName: requiredEnv('IDEMPOTENCY_TABLE'), clock }),
  // What follows is called below, not started.
  stateMachine: { start: async () => {}, stop: async () => {}, completeTask: async () => 'gone' as const },
  clock,
  newUlid: () => ulid(),
};
const { publicKey: recipientKey } = await makeRecipientKeyPair();
const thumbprint = await thumbprintOf(recipientKey);

type Note = (part: string, ms: number, ownMs: number) => void;

/** One request from asking to its sealed session. */
async function grant(principalId: string, note: Note): Promise<void> {
  const timed = async <T>(part: string, run: () => Promise<T>): Promise<T> => {
    const [startedAt, outsideBefore] = [performance.now(), outside()];
    const answer = await run();
    const ms = performance.now() - startedAt;
    note(part, ms, ms - (outside() - outsideBefore));
    return answer;
  };
  const row = await timed('front-door', async () => {
    const caller = await lookups.findByAwsArn(arnOfHired(principalId));
    if (!caller) throw new Error(`${principalId} is not known`);
    const reason = 'The report needs the operational metrics.';
    return openRequest(
      { reason, dryRun: false, claimWith: { thumbprint, recipientKey } },
      { caller },
      opening,
    );
  });
  let state: Record<string, unknown> = { request: accessRequestOf(row) };
  const step = async (part: string, key: string, run: (event: unknown) => Promise<unknown>) => {
    state = { ...state, [key]: await timed(part, () => run(state)) };
  };
  await step('LoadPolicy', 'loaded', loadPolicy);
  await step('ReviewRequest', 'review', reviewRequest);
  await step('ValidateDecision', 'verdict', validateDecision);
  await step('AssumeRole', 'session', () => assumeRole({ state, executionName: row.requestId }));
  await step('WriteLog', 'outcome', writeLog);
  const issued = await timed('handing over', () => requests.get(row.requestId));
  if (issued?.status !== 'ISSUED' || !issued.session) throw new Error(`not issued: ${issued?.status}`);
}

parentPort?.on('message', async ({ n, concurrency, principalIds }: StraightLineTask) => {
  const parts = new Map<string, number[]>();
  const own: number[] = [];
  const ownParts = new Map<string, number[]>();
  let nth = 0;
  const samples = await measure(n, concurrency, async () => {
    let ownMs = 0;
    await grant(principalIds[nth++ % principalIds.length] ?? '', (part, ms, ownOfPart) => {
      parts.set(part, [...(parts.get(part) ?? []), ms]);
      ownParts.set(part, [...(ownParts.get(part) ?? []), ownOfPart]);
      ownMs += ownOfPart;
    });
    own.push(ownMs);
    await nextTick();
  });
  const answer: StraightLineAnswer = { samples, own, parts: [...parts], ownParts: [...ownParts] };
  parentPort?.postMessage(answer);
});
