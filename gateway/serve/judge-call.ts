import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import type { CompiledRules } from '../authorize/compile-rules.ts';
import { type CallDecision, type CallFactsForRules, type Decide, groupOf } from '../authorize/decide-call.ts';
import type { SessionClaims } from '../come-in/placeholder-keys.ts';
import type { IamData } from '../identify/iam/open-iam-data.ts';
import type { NamedCall, Need } from '../identify/named-call.ts';

/** What is remembered of calls: durable, by principal and subject, whatever session they came in. */
export type CallMemory = {
  /** Adds a call of a group and answers how many there were within a day. */
  count(holder: string, group: string): Promise<number>;
  /** Notes that an action was called. */
  note(holder: string, action: string): Promise<void>;
  /** Which of these actions were called within a day. */
  earlier(holder: string, actions: readonly string[]): Promise<readonly string[]>;
};

export type JudgePorts = {
  readonly rules: CompiledRules;
  readonly decide: Decide;
  readonly iam: IamData;
  readonly memory: CallMemory;
  readonly clock: () => Date;
};

export type Judged = {
  readonly call: NamedCall;
  readonly needs: readonly Need[];
  readonly claims: SessionClaims;
  readonly principal: Principal;
  readonly region: string;
  readonly isPresigned: boolean;
};

/** By whom counts are kept: a new session resets none of them. */
const holderOf = ({ principalId, subject }: SessionClaims): string =>
  JSON.stringify([principalId, subject?.issuer ?? '', subject?.id ?? '']);

/** What is remembered of a principal's and subject's calls, as far as a rule looks at it. */
export type Recalled = Pick<CallFactsForRules, 'counts' | 'earlier'>;

/** Counts a call, and recalls what was called before. */
export async function recallCalls(
  { claims, needs }: Pick<Judged, 'claims' | 'needs'>,
  { rules, memory, iam }: JudgePorts,
): Promise<Recalled> {
  const holder = holderOf(claims);
  const groups = new Set(needs.flatMap(({ action }) => groupOf(action, iam) ?? []));
  const counted = [...groups].filter((group) => rules.counted.has(group));
  // A read before each call is felt: what no rule about this call asks for is not read.
  const asked = new Set(needs.flatMap(({ action }) => rules.earlierFor(action, groupOf(action, iam))));
  const [counts, earlier] = await Promise.all([
    Promise.all(counted.map(async (group) => [group, await memory.count(holder, group)] as const)),
    asked.size > 0 ? memory.earlier(holder, [...asked]) : [],
  ]);
  return { counts: Object.fromEntries(counts), earlier };
}

/** Decides a call by the rules, with what was called before; notes what later calls are to see of it. */
export async function judgeCall(
  judged: Judged,
  recalled: Recalled,
  ports: JudgePorts,
): Promise<CallDecision> {
  const { call, needs, claims, principal, region, isPresigned } = judged;
  const { rules, memory, clock } = ports;
  const hour = clock().getUTCHours();
  const onBehalfOf = claims.subject !== undefined;
  const decision = ports.decide(call, needs, {
    principal,
    region,
    hour,
    isPresigned,
    onBehalfOf,
    ...recalled,
  });
  // Before it is forwarded: what comes after it must see it, whatever becomes of it.
  const noted = needs.map(({ action }) => action).filter((action) => rules.earlier.includes(action));
  if (decision.outcome !== 'forbid') {
    await Promise.all(noted.map((action) => memory.note(holderOf(claims), action)));
  }
  return decision;
}
