import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import type { SessionClaims } from '../come-in/placeholder-keys.ts';
import { covers, type HeldPolicy } from '../cover/covers.ts';
import type { NamedCall, Need } from '../identify/named-call.ts';
import type { Asked, Broker, Obtained } from './ask-broker.ts';
import { sayNeed } from './say-need.ts';

type Held = Obtained & { readonly policy: HeldPolicy; readonly endsAt: Date };

export type ObtainPorts = {
  readonly broker: Broker;
  /** Counts one more ask of a principal within the hour, and answers how many there were. Durable. */
  readonly countAsk: (principalId: string) => Promise<number>;
  readonly clock: () => Date;
  /** Asks that one principal's sessions may make in an hour. */
  readonly mostAsksPerHour: number;
  /** Milliseconds that a call is held while people are asked. */
  readonly holdMs: number;
};

export type Outcome =
  | { readonly outcome: 'obtained'; readonly session: Obtained }
  | Exclude<Asked, { readonly outcome: 'obtained' }>
  | { readonly outcome: 'no-reason' }
  | { readonly outcome: 'too-many' };

/** Milliseconds before its end at which a session is no longer used for new calls. */
const LEAVE_BEFORE_MS = 30_000;
/** Milliseconds for which a denial is remembered: the same need is not asked again at once. */
const DENIAL_MS = 60_000;
const MOST_REMEMBERED = 10_000;

/** One principal, subject, reason and account, in one session of the gateway: nobody else uses what they obtained. */
const holderOf = (claims: SessionClaims): string => {
  const { sessionId, principalId, subject, reason, accountId } = claims;
  return digestOf({ sessionId, principalId, subject: subject ?? null, reason: reason ?? null, accountId });
};

/**
 * Finds, or asks the broker for, a session that covers a call's needs. What is granted is used as far as it covers; the
 * same need of one session is asked once, however many calls wait for it.
 */
export function makeObtain({ broker, countAsk, clock, mostAsksPerHour, holdMs }: ObtainPorts) {
  const held = new Map<string, Held[]>();
  const asking = new Map<string, Promise<Outcome>>();
  const denied = new Map<string, Date>();
  /** Requests that people had not answered when their call gave up, by need. */
  const open = new Map<string, string>();

  const isUsable = ({ endsAt }: Held): boolean => endsAt.getTime() - clock().getTime() > LEAVE_BEFORE_MS;

  function find(holder: string, needs: readonly Need[], call: NamedCall): Held | undefined {
    const usable = (held.get(holder) ?? []).filter(isUsable);
    if (usable.length > 0) held.set(holder, usable);
    else held.delete(holder);
    return usable.find(({ policy }) => covers(policy, needs, call));
  }

  function keep(holder: string, session: Obtained, { subject, accountId }: SessionClaims): void {
    const { credentials, sessionPolicy } = session;
    const { assumedRoleArn } = credentials;
    const policy = { sessionPolicy, accountId, assumedRoleArn, subjectId: subject?.id };
    const kept: Held = { ...session, policy, endsAt: new Date(credentials.expiration) };
    held.set(holder, [...(held.get(holder) ?? []), kept]);
  }

  async function ask(holder: string, key: string, need: string, claims: SessionClaims): Promise<Outcome> {
    const until = new Date(clock().getTime() + holdMs);
    const before = open.get(key);
    if (before === undefined && (await countAsk(claims.principalId)) > mostAsksPerHour)
      return { outcome: 'too-many' };
    const asked =
      before === undefined
        ? await broker.ask(need, claims.delegation, until)
        : await broker.goOn(before, claims.delegation, until);
    if (asked.outcome === 'waiting') open.set(key, asked.requestId);
    else open.delete(key);
    if (asked.outcome === 'obtained') keep(holder, asked.session, claims);
    if (asked.outcome === 'denied') {
      if (denied.size >= MOST_REMEMBERED) denied.clear();
      denied.set(key, new Date(clock().getTime() + DENIAL_MS));
    }
    return asked;
  }

  return async (
    claims: SessionClaims,
    needs: readonly Need[],
    call: NamedCall,
    mayAsk: boolean,
  ): Promise<Outcome> => {
    const holder = holderOf(claims);
    const found = find(holder, needs, call);
    if (found) return { outcome: 'obtained', session: found };
    // A presigned URL is used by whoever has it: it is no reason to ask, and is never held.
    if (!mayAsk) return { outcome: 'denied', requestId: undefined };
    if (claims.reason === undefined) return { outcome: 'no-reason' };
    const need = sayNeed(needs);
    const key = `${holder}:${digestOf(need)}`;
    if ((denied.get(key)?.getTime() ?? 0) > clock().getTime())
      return { outcome: 'denied', requestId: undefined };
    const asked = asking.get(key) ?? ask(holder, key, need, claims).finally(() => asking.delete(key));
    asking.set(key, asked);
    const outcome = await asked;
    if (outcome.outcome !== 'obtained') return outcome;
    // What was granted may be less than what the call needs: it is used only as far as it covers.
    const session = find(holder, needs, call);
    return session
      ? { outcome: 'obtained', session }
      : { outcome: 'denied', requestId: outcome.session.requestId };
  };
}
export type Obtain = ReturnType<typeof makeObtain>;
