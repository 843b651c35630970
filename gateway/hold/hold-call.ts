import type { HeldCall } from '../../lambdas/shared/domain/calls/held-call.ts';
import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import { callBytes } from '../../lambdas/shared/domain/seal.ts';
import type { SessionClaims } from '../come-in/placeholder-keys.ts';
import { delay } from '../obtain/delay.ts';
import { endByProblem, type NotAnswered } from '../obtain/send-to-broker.ts';
import type { AskPeople, CallRequest } from './ask-people.ts';

export type HoldPorts = {
  readonly people: AskPeople;
  /** ValidateDecision's key, which never leaves KMS. */
  readonly sealKey: { verify(bytes: Uint8Array, mac: string): Promise<boolean> };
  /** Which approvals were used. Durable, and the same for every replica. */
  readonly approvals: {
    isUsed(requestId: string): Promise<boolean>;
    /** False where it was used before: by a conditional write, so that of two at once one wins. */
    use(requestId: string): Promise<boolean>;
  };
  /** Counts one more ask of a principal within the hour, and answers how many there were. Durable. */
  readonly countAsk: (principalId: string) => Promise<number>;
  readonly mostAsksPerHour: number;
  /** Milliseconds between two looks while people are asked. */
  readonly lookMs: number;
  readonly clock: () => Date;
};

/** An approval that was verified, and not used yet. */
export type Approval = {
  readonly requestId: string;
  /** Consumes it; false where it was used meanwhile, is over, or whoever gave it may give it no more. */
  use(): Promise<boolean>;
};

export type HoldOutcome =
  | { readonly outcome: 'allowed'; readonly approval: Approval }
  | { readonly outcome: 'waiting'; readonly requestId: string }
  | { readonly outcome: 'denied'; readonly requestId: string | undefined }
  | { readonly outcome: 'gone'; readonly requestId: string }
  | { readonly outcome: 'no-reason' }
  | { readonly outcome: 'too-many' }
  | Exclude<NotAnswered, { readonly outcome: 'denied' }>;

/** A client that waits. */
export type Waiting = {
  readonly until: Date;
  readonly isGone: () => boolean;
  /** Told once, when people are asked. */
  readonly onAsked: (requestId: string) => Promise<void>;
};

/** Seconds that the broker is asked to wait at most before it answers. */
const MOST_WAIT_SECONDS = 20;
/** Milliseconds for which a denial stands before the same call asks again. */
const DENIAL_MS = 60_000;
/** Requests of one call within a day that are looked through for the one that still counts. */
const MOST_SPENT = 200;
const MOST_REMEMBERED = 10_000;

const isOpen = ({ status }: CallRequest): boolean => status === 'PENDING' || status === 'AWAITING_APPROVAL';

/**
 * Holds calls until people have let them through. An identical call, of the same session, finds the request that was
 * made for it before, on whichever replica: each request's key is made of the call and of the request before it, so that
 * one that is spent leads to the next. An approval is verified here, and consumed right before the call is made.
 */
export function makeHold(ports: HoldPorts) {
  const { people, sealKey, approvals, countAsk, mostAsksPerHour, lookMs, clock } = ports;
  /** By call, the last request that was spent, and the one that is asked about: a replica without them asks the broker. */
  const spent = new Map<string, string>();
  const asked = new Set<string>();

  function remember(call: string, requestId: string): void {
    if (spent.size >= MOST_REMEMBERED) spent.clear();
    spent.set(call, requestId);
  }

  async function mayAsk(key: string, { principalId }: SessionClaims): Promise<boolean> {
    if (asked.has(key)) return true;
    if ((await countAsk(principalId)) > mostAsksPerHour) return false;
    if (asked.size >= MOST_REMEMBERED) asked.clear();
    asked.add(key);
    return true;
  }

  /** Waits for people, as long as its client does. */
  async function follow(first: CallRequest, claims: SessionClaims, waiting: Waiting): Promise<CallRequest> {
    let view = first;
    let isTold = false;
    while (isOpen(view) && !waiting.isGone()) {
      const leftMs = waiting.until.getTime() - clock().getTime();
      if (leftMs <= 0) break;
      if (view.status === 'AWAITING_APPROVAL') {
        if (!isTold) await waiting.onAsked(view.requestId);
        isTold = true;
        await delay(Math.min(lookMs, leftMs));
      }
      const seconds = Math.max(0, Math.min(MOST_WAIT_SECONDS, Math.floor(leftMs / 1000)));
      view = await people.look(view.requestId, seconds, claims.delegation);
    }
    return view;
  }

  /** The approval of an allowed call; undefined where its seal is not ValidateDecision's over this very call. */
  async function verify(
    { requestId, seal }: CallRequest,
    call: HeldCall,
    { principalId, subject, delegation }: SessionClaims,
  ): Promise<Approval | undefined> {
    if (!seal) return undefined;
    const { mac, expiresAt } = seal;
    const bytes = callBytes({ requestId, principalId, subject }, call, expiresAt);
    if (!(await sealKey.verify(bytes, mac))) return undefined;
    const isOver = () => new Date(expiresAt) <= clock();
    // Whoever approved may have lost the right to it: the broker gives the seal only while all of them have it.
    const stillStands = async () => {
      const now = await people.look(requestId, 0, delegation);
      return now.status === 'ALLOWED' && now.seal?.mac === mac;
    };
    const use = async () => !isOver() && (await stillStands()) && (await approvals.use(requestId));
    return { requestId, use };
  }

  /** Whether a request lets nothing through any more, so that the same call asks anew. */
  async function isSpent({ requestId, status, updatedAt, seal }: CallRequest): Promise<boolean> {
    if (status === 'ALLOWED')
      return !seal || new Date(seal.expiresAt) <= clock() || (await approvals.isUsed(requestId));
    return status !== 'PENDING' && status !== 'AWAITING_APPROVAL'
      ? clock().getTime() - new Date(updatedAt).getTime() > DENIAL_MS
      : false;
  }

  /** The request that stands for a call: one that was made before and still counts, or a new one. */
  async function find(call: HeldCall, claims: SessionClaims): Promise<CallRequest | undefined> {
    const { principalId, subject, delegation } = claims;
    const own = digestOf({ call, principalId, subject: subject ?? null });
    for (let step = 0; step < MOST_SPENT; step += 1) {
      const key = digestOf({ own, after: spent.get(own) ?? null });
      if (!(await mayAsk(key, claims))) return undefined;
      const found = await people.ask(call, key, delegation);
      if (!(await isSpent(found))) return found;
      remember(own, found.requestId);
    }
    return undefined;
  }

  async function hold(call: HeldCall, claims: SessionClaims, waiting: Waiting): Promise<HoldOutcome> {
    const found = await find(call, claims);
    if (!found) return { outcome: 'too-many' };
    const view = await follow(found, claims, waiting);
    const { requestId, status } = view;
    if (isOpen(view)) return { outcome: waiting.isGone() ? 'gone' : 'waiting', requestId };
    if (status === 'FAILED') return { outcome: 'unavailable', because: `request ${requestId} failed` };
    // Allowed without a seal: an approver may approve no more. The same call, repeated, asks anew.
    if (status !== 'ALLOWED' || !view.seal) return { outcome: 'denied', requestId };
    const approval = await verify(view, call, claims);
    return approval
      ? { outcome: 'allowed', approval }
      : { outcome: 'unavailable', because: `the seal of ${requestId} is not over this call` };
  }

  return async (call: HeldCall, claims: SessionClaims, waiting: Waiting): Promise<HoldOutcome> => {
    if (claims.reason === undefined) return { outcome: 'no-reason' };
    return hold(call, claims, waiting).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'NotRecorded') throw error;
      return endByProblem(error);
    });
  };
}
export type Hold = ReturnType<typeof makeHold>;
