import type { ApprovalsConfig } from '../shared/domain/approvals/approvals-config.ts';
import { dutyOf, type OnDuty, onDuty } from '../shared/domain/outside/on-duty.ts';
import type { ApprovalAsk, Quorum } from '../shared/domain/verdict.ts';
import { tierCounts } from './count-approvals.ts';
import type { Case, Need } from './decision-case.ts';
import { outsideInForce } from './outside-of.ts';

type Tier = ApprovalsConfig['tiers'][number];
type History = ApprovalAsk['history'];

/** Who is asked now, or why nobody can be. */
export type ApprovalPlan =
  | { readonly kind: 'ask'; readonly ask: ApprovalAsk }
  | {
      readonly kind: 'none';
      readonly because: 'timed_out' | 'unreachable' | 'nobody_on_call' | 'not_possible';
    };

type Round = {
  readonly approvals: ApprovalsConfig;
  readonly asked?: ApprovalAsk;
  /** The channel of the tier that was asked could not be told. */
  readonly unreachable: boolean;
  readonly now: Date;
  /** Who is on call, of the tiers that have a rota. */
  readonly duty?: OnDuty;
};

/** What there is to know of the approval so far, at this time. */
export const roundOf = (
  { asked, evidence, loaded }: Pick<Case, 'asked' | 'evidence' | 'loaded'>,
  now: Date,
): Omit<Round, 'approvals'> => ({
  ...(asked && { asked }),
  unreachable: evidence?.wake === 'unreachable',
  now,
  duty: onDuty(outsideInForce({ loaded, ...(evidence && { evidence }) }, now), loaded.principal),
});

const secondsLater = (from: Date, seconds: number) => new Date(from.getTime() + seconds * 1000).toISOString();

/** The tiers that ended, the last round's among them where its time is over or its channel was down. */
export function historyOf({ asked, unreachable, now }: Omit<Round, 'approvals'>): History {
  if (!asked) return [];
  if (unreachable)
    return [...asked.history, { tier: asked.tier, endedAt: now.toISOString(), because: 'unreachable' }];
  if (new Date(asked.deadline) > now) return asked.history;
  return [...asked.history, { tier: asked.tier, endedAt: now.toISOString(), because: 'timed_out' }];
}

/** Owners first, then everybody else, each in the order of the configuration. */
function inOrder(needs: readonly Need[], tiers: readonly Tier[]): Tier[] {
  const owners = new Set(needs.map((need) => need.ownerTier));
  return [...tiers.filter(({ name }) => owners.has(name)), ...tiers.filter(({ name }) => !owners.has(name))];
}

/**
 * Plans the next round for what is still missing: the same tier until its deadline, then the next one that
 * counts. A grant that no remaining tier counts for ends the request: silence of the last tier is a denial.
 */
export const planApproval = (needs: readonly Need[], round: Round): ApprovalPlan =>
  planAfter(needs, round, historyOf(round));

/** Whether nobody votes in a tier: a rota says who does, it says nobody, and there is no group to ask instead. */
const isUnmanned = (tier: Tier, { duty }: Pick<Round, 'duty'>): boolean =>
  tier.approverGroup === undefined && dutyOf(tier, duty).length === 0;

function planAfter(needs: readonly Need[], round: Round, history: History): ApprovalPlan {
  const { approvals, asked, now, duty } = round;
  const ended = new Set(history.map((end) => end.tier));
  const left = inOrder(needs, approvals.tiers).filter((tier) => !ended.has(tier.name));
  /** Whether a tier can ever count for a need, now or once the need's owners have let their time pass. */
  const couldCount = (tier: Tier, need: Need) =>
    tierCounts(tier.name, need, history, approvals) ||
    (!tier.ownersOnly && !need.ownerRequired && need.ownerTier !== undefined && !ended.has(need.ownerTier));
  const stuck = needs.some((need) => !left.some((tier) => couldCount(tier, need)));
  const useful = left.filter((tier) => needs.some((need) => tierCounts(tier.name, need, history, approvals)));
  const tier = useful.find(({ name }) => name === asked?.tier) ?? useful[0];
  if (stuck || !tier) return { kind: 'none', because: history.at(-1)?.because ?? 'not_possible' };
  if (isUnmanned(tier, round)) {
    const end = { tier: tier.name, endedAt: now.toISOString(), because: 'nobody_on_call' } as const;
    return planAfter(needs, round, [...history, end]);
  }
  const called = dutyOf(tier, duty);
  const later = left.filter((other) => other !== tier && needs.some((need) => couldCount(other, need)));
  const ask = asked?.tier === tier.name ? continued(asked, now) : opened(tier, now);
  return {
    kind: 'ask',
    ask: {
      ...ask,
      ...(called.length > 0 && { onCall: [...called] }),
      ...termsOf(needs),
      nextTiers: later.map(({ name }) => name),
      history,
    },
  };
}

type Times = Pick<ApprovalAsk, 'tier' | 'askedAt' | 'deadline' | 'remindAt' | 'reminded' | 'waitSeconds'>;

function opened(tier: Tier, now: Date): Times {
  const remindAt =
    tier.reminderSeconds && tier.reminderSeconds < tier.timeoutSeconds ? tier.reminderSeconds : undefined;
  return {
    tier: tier.name,
    askedAt: now.toISOString(),
    deadline: secondsLater(now, tier.timeoutSeconds),
    ...(remindAt && { remindAt: secondsLater(now, remindAt) }),
    reminded: false,
    waitSeconds: remindAt ?? tier.timeoutSeconds,
  };
}

/** The same tier waits on: its deadline stands, and its reminder is given once. */
function continued(asked: ApprovalAsk, now: Date): Times {
  const reminded = asked.reminded || (asked.remindAt !== undefined && new Date(asked.remindAt) <= now);
  const until = !reminded && asked.remindAt ? asked.remindAt : asked.deadline;
  const waitSeconds = Math.max(1, Math.ceil((new Date(until).getTime() - now.getTime()) / 1000));
  const { tier, askedAt, deadline, remindAt } = asked;
  return { tier, askedAt, deadline, ...(remindAt && { remindAt }), reminded, waitSeconds };
}

/** What is asked for in all, and for each grant. */
function termsOf(needs: readonly Need[]): Pick<ApprovalAsk, 'quorum' | 'perGrant'> {
  const most = (measure: keyof Quorum) => Math.max(...needs.map((need) => need.quorum[measure]));
  return {
    quorum: { approvals: most('approvals'), stepUp: most('stepUp') },
    perGrant: needs.map(({ resource, quorum, ownerTier }) => ({
      resource,
      quorum,
      ...(ownerTier && { ownerTier }),
    })),
  };
}
