import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiAnswer, ApiCaller } from '../../demo/call-api.ts';
import { makeRecipientKeyPair } from '../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import { openCredentials } from '../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import { type Journal, noteDelivered } from './journal.ts';

/** What the scripted reviewer goes by. */
export const REASONS = {
  granted: 'The weekly report needs the operational metrics.',
  denied: 'Something else needs everything.',
  approved: 'The case at hand needs a customer profile.',
} as const;

const PAUSE_MS = 60;

/** What a caller has: who they are to the API, where they note what they were told, a fresh key for a repeat. */
type Caller = {
  readonly call: ApiCaller;
  readonly journal: Journal;
  readonly newIdempotencyKey: () => string;
  /** Milliseconds for which one goes on asking. */
  readonly patienceMs: number;
};
type Ask = Caller & { readonly reason: string };

/** Repeats what is worth repeating (a 5xx, an answer that never came) as a patient client does. */
async function patiently(call: () => Promise<ApiAnswer>, until: number): Promise<ApiAnswer | undefined> {
  for (;;) {
    const answer = await call().catch(() => undefined);
    const again =
      !answer || answer.status === 503 || answer.status === 502 || answer.body.code === 'claim_in_progress';
    if (!again || Date.now() > until) return answer;
    await sleep(PAUSE_MS);
  }
}

/** Asks, however often it takes, with one Idempotency-Key; the request's id, where it was accepted. */
async function ask({
  call,
  journal,
  reason,
  newIdempotencyKey,
  patienceMs,
}: Ask): Promise<string | undefined> {
  const headers = { 'idempotency-key': newIdempotencyKey() };
  const answer = await patiently(
    () => call('POST', '/requests', { reason }, headers),
    Date.now() + patienceMs,
  );
  if (answer?.status !== 202) return undefined;
  const requestId = String(answer.body.requestId);
  journal.accepted.add(requestId);
  return requestId;
}

/** Claims with a key of its own, however often it takes. */
async function claim({ call, journal, patienceMs }: Caller, requestId: string): Promise<void> {
  const { publicKey: recipientKey, privateKey } = await makeRecipientKeyPair();
  const answer = await patiently(
    () => call('POST', `/requests/${requestId}/credentials`, { recipientKey }),
    Date.now() + patienceMs,
  );
  if (answer?.status !== 200) return;
  const opened = await openCredentials(privateKey, String(answer.body.sealed), requestId);
  noteDelivered(journal, requestId, opened.accessKeyId);
}

/** The status once the request waits for nothing but its caller, or the last one seen when patience ends. */
async function decided({ call, patienceMs }: Caller, requestId: string): Promise<unknown> {
  const end = Date.now() + patienceMs;
  let status: unknown;
  while (Date.now() < end) {
    const answer = await call('GET', `/requests/${requestId}?wait=2`).catch(() => undefined);
    status = answer?.body.status ?? status;
    if (typeof status === 'string' && !['PENDING', 'AWAITING_APPROVAL'].includes(status)) break;
    await sleep(PAUSE_MS);
  }
  return status;
}

async function askAndClaim(asking: Ask): Promise<void> {
  const requestId = await ask(asking);
  if (requestId && (await decided(asking, requestId)) === 'READY') await claim(asking, requestId);
}

/** What callers do, by name: each does it once, to its end. */
export const CALLERS = {
  claims: (caller: Caller) => askAndClaim({ ...caller, reason: REASONS.granted }),
  isDenied: (caller: Caller) => askAndClaim({ ...caller, reason: REASONS.denied }),
  needsApproval: (caller: Caller) => askAndClaim({ ...caller, reason: REASONS.approved }),

  /** Two programs claim the same session at once, with different keys. */
  async claimsTwice(caller: Caller) {
    const requestId = await ask({ ...caller, reason: REASONS.granted });
    if (!requestId || (await decided(caller, requestId)) !== 'READY') return;
    await Promise.all([claim(caller, requestId), claim(caller, requestId)]);
  },

  /** Asks twice at once with the same key: one request. */
  async asksTwice(caller: Caller) {
    const key = caller.newIdempotencyKey();
    const same = { ...caller, reason: REASONS.granted, newIdempotencyKey: () => key };
    const [first, second] = await Promise.all([ask(same), ask(same)]);
    if (first && second && first !== second)
      throw new Error(`one Idempotency-Key, two requests: ${first}, ${second}`);
    const requestId = first ?? second;
    if (requestId && (await decided(caller, requestId)) === 'READY') await claim(caller, requestId);
  },

  /** In one call, opened by the front door; an answer that does not come while it has patience is lost. */
  async inOneCall({ call, journal, patienceMs }: Caller) {
    const asked = call('POST', '/credentials', { reason: REASONS.granted }).catch(() => undefined);
    const answer = await Promise.race([asked, sleep(patienceMs, undefined, { ref: false })]);
    const requestId = /\/(\w+-[0-9A-Z]{26})$/.exec(String(answer?.body.assumedRoleArn ?? ''))?.[1];
    if (answer?.body.requestId) journal.accepted.add(String(answer.body.requestId));
    const { accessKeyId } = (answer?.body.credentials ?? {}) as { accessKeyId?: string };
    if (accessKeyId) noteDelivered(journal, requestId ?? `unknown request of ${accessKeyId}`, accessKeyId);
  },

  async cancels(caller: Caller) {
    const requestId = await ask({ ...caller, reason: REASONS.granted });
    if (!requestId) return;
    await patiently(
      () => caller.call('POST', `/requests/${requestId}/cancel`),
      Date.now() + caller.patienceMs,
    );
  },

  /** Never comes back. */
  async forgets(caller: Caller) {
    await ask({ ...caller, reason: REASONS.granted });
  },
} satisfies Record<string, (caller: Caller) => Promise<void>>;
export type CallerName = keyof typeof CALLERS;
