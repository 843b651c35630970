import type { Quorum } from '../verdict.ts';
import { atBest, type Lack } from './at-best.ts';
import type { GuardrailContext, GuardrailQuestion, Guardrails } from './guardrails.ts';

/** The most approvals that are ever asked for. */
export const MOST_APPROVALS = 3;

/** Quorums from none to the most, fewest approvals first, then fewest of them with step-up. */
const QUORUMS: readonly Quorum[] = Array.from({ length: MOST_APPROVALS + 1 }, (_, approvals) =>
  Array.from({ length: approvals + 1 }, (_, stepUp) => ({ approvals, stepUp })),
).flat();

/**
 * What the guardrails say to one grant: the quorum it needs, or why there is none. `lacks`: only of a request
 * that has this.
 */
export type QuorumAnswer =
  | { readonly kind: 'allowed'; readonly policyIds: readonly string[]; readonly lacks?: Lack }
  /** `policyIds` are those that forbid it as things are: what asks for a human. */
  | {
      readonly kind: 'needs';
      readonly quorum: Quorum;
      readonly policyIds: readonly string[];
      readonly lacks?: Lack;
    }
  | { readonly kind: 'never'; readonly action: string; readonly policyIds: readonly string[] }
  | { readonly kind: 'error'; readonly action: string; readonly errors: readonly string[] };

type GrantQuestion = Omit<GuardrailQuestion, 'action' | 'context'> & {
  readonly actions: readonly string[];
  readonly context: Omit<GuardrailContext, 'approvals' | 'stepUpApprovals'>;
};

const unique = (ids: readonly string[]) => [...new Set(ids)].sort();

/** Whether these approvals are at least those. */
export const isMet = (has: Quorum, needs: Quorum): boolean =>
  has.approvals >= needs.approvals && has.stepUp >= needs.stepUp;

/** The quorums that more votes can still lead to: of votes that were cast, none is taken back. */
const stillOpen = (has: Quorum): Quorum[] => {
  const atLeast = {
    approvals: Math.min(has.approvals, MOST_APPROVALS),
    stepUp: Math.min(has.stepUp, MOST_APPROVALS),
  };
  return QUORUMS.filter((quorum) => isMet(quorum, atLeast) && !isMet(has, quorum));
};

/**
 * Asks with the approvals the grant really has; where that is denied, finds the smallest quorum beyond them,
 * with which every action would be allowed.
 * INVARIANT: a quorum that is met already is no answer. Guardrails may forbid what more people approve, and
 * what fewer approvals would open must not count as opened.
 */
export function findQuorum(guardrails: Guardrails, question: GrantQuestion, has: Quorum): QuorumAnswer {
  const { actions, context, ...who } = question;
  const askAll = (quorum: Quorum) =>
    actions.map((action) => ({
      action,
      ...guardrails.ask({
        ...who,
        action,
        context: { ...context, approvals: quorum.approvals, stepUpApprovals: quorum.stepUp },
      }),
    }));

  const now = askAll(has);
  const failed = now.find((answer) => answer.errors.length > 0);
  if (failed) return { kind: 'error', action: failed.action, errors: failed.errors };
  const denied = now.filter((answer) => !answer.allowed);
  if (denied.length === 0)
    return { kind: 'allowed', policyIds: unique(now.flatMap((answer) => answer.policyIds)) };

  const quorum = stillOpen(has).find((candidate) => askAll(candidate).every((answer) => answer.allowed));
  if (quorum)
    return { kind: 'needs', quorum, policyIds: unique(denied.flatMap((answer) => answer.policyIds)) };
  const most = askAll({ approvals: MOST_APPROVALS, stepUp: MOST_APPROVALS });
  const never = most.find((answer) => !answer.allowed) ?? denied[0];
  return { kind: 'never', action: never?.action ?? '', policyIds: never?.policyIds ?? [] };
}

/**
 * The same; and where the answer is never, it is asked again with what could come from outside. An answer that `lacks`
 * something is what could be, and is not what is.
 */
export function findQuorumAtBest(guardrails: Guardrails, question: GrantQuestion, has: Quorum): QuorumAnswer {
  const asItIs = findQuorum(guardrails, question, has);
  if (asItIs.kind !== 'never') return asItIs;
  for (const { lacks, outside } of atBest(guardrails, question.context)) {
    const context = { ...question.context, ...outside };
    const answer = findQuorum(guardrails, { ...question, context }, has);
    if (answer.kind === 'allowed' || answer.kind === 'needs') return { ...answer, lacks };
  }
  return asItIs;
}
