import { digestOf } from '../digest.ts';
import type { Evidence, Vote } from '../vote.ts';
import type { WorkflowState } from '../workflow-state.ts';
import type { AuditEntry } from './audit-record.ts';

type Entry = Omit<AuditEntry, 'chain' | 'requestId'>;
type Verdict = NonNullable<WorkflowState['verdict']>;

const ofRequest = ({ request }: Pick<WorkflowState, 'request'>, entries: readonly Entry[]): AuditEntry[] =>
  entries.map((entry) => ({ chain: request.principalId, requestId: request.requestId, ...entry }));

/** What is asked, as the log keeps it: a proposed text and a call's parameters by their digests, everything else in full. */
export function requestFacts({ request }: Pick<WorkflowState, 'request'>): Record<string, unknown> {
  const { change, call, ...rest } = request;
  return {
    ...rest,
    ...(change && { change: { ...change, proposal: digestOf(change.proposal) } }),
    ...(call && { call: { ...call, parameters: digestOf(call.parameters) } }),
  };
}

/** The verdict as the log keeps it: what opens access in full, and by which texts it was decided. */
export function verdictFacts(verdict: Verdict): Record<string, unknown> {
  const {
    outcome,
    reasons,
    policyIds,
    proposalDigest,
    decidedAt,
    risk,
    observed,
    outside,
    entitlement,
    proof,
  } = verdict;
  return {
    outcome,
    reasons,
    policyIds,
    proposalDigest,
    decidedAt,
    ...(risk && { risk }),
    ...(observed && { observed }),
    ...(outside && { outside, outsideDigest: digestOf(outside) }),
    ...(entitlement && { entitlement, sessionPolicyDigest: digestOf(entitlement.sessionPolicy) }),
    ...(proof && { proof }),
    ...('approval' in verdict && verdict.approval && { approval: verdict.approval }),
  };
}

/** Digests of the texts that decide: the principal's policy, and the configuration. */
export function rulesFacts({ loaded }: WorkflowState): Record<string, unknown> {
  if (!loaded) return {};
  const { policy, digests } = loaded;
  return { policyVersion: policy.version, policyDigest: policy.digest, digests };
}

/** What was asked, of a request whose execution recorded nothing. */
export const whenRequested = (request: WorkflowState['request']): AuditEntry[] =>
  ofRequest({ request }, [requested({ request })]);

/** What was asked. Recorded with the first that comes of it: nothing takes effect before. */
const requested = (state: Pick<WorkflowState, 'request'>): Entry => ({
  event: 'requested',
  facts: { request: requestFacts(state) },
});

/** Each attempt at a review, and why those before the last were sent back. */
function reviewed({ review }: WorkflowState): Entry[] {
  if (!review) return [];
  const { superseded = [], ...last } = review;
  return [...superseded, { review: last }].map((facts) => ({
    event: 'reviewed',
    occurrence: String(facts.review.attempt),
    facts,
  }));
}

/** What was asked, the reviews, and the first verdict on the last. What votes made of that comes later, as `decided`. */
function judged(state: WorkflowState): Entry[] {
  const { verdict } = state;
  return [
    requested(state),
    ...reviewed(state),
    ...(verdict
      ? [
          {
            event: 'validated',
            occurrence: verdict.proposalDigest,
            facts: { verdict: verdictFacts(verdict), ...rulesFacts(state) },
          } as const,
        ]
      : []),
  ];
}

function decided(state: WorkflowState, verdict: Verdict): Entry {
  const { outcome, reasons, proposalDigest, approvers, outside, proof } = verdict;
  const facts = {
    outcome,
    reasons,
    proposalDigest,
    approvers,
    ...(outside && { outside, outsideDigest: digestOf(outside) }),
    ...(proof && { proof }),
    ...rulesFacts(state),
  };
  return { event: 'decided', facts };
}

/** When people are asked: once for each tier, once more for its reminder, and not for every vote. */
export function whenAsking(state: WorkflowState): AuditEntry[] {
  const { verdict, evidence } = state;
  if (verdict?.outcome !== 'needs_approval') return [];
  const { tier, onCall, quorum, perGrant, deadline, reminded, history } = verdict.approval;
  const before = history.at(-1);
  // A vote wakes, and leaves who is asked as it is, unless nobody is on call any more.
  const hasMovedOn = before?.because === 'nobody_on_call' && before.endedAt === verdict.decidedAt;
  if (evidence?.wake === 'woken' && !hasMovedOn) return [];
  return ofRequest(state, [
    ...(evidence ? [] : judged(state)),
    ...(before && !reminded
      ? [{ event: 'escalated', occurrence: tier, facts: { ...before, from: before.tier, to: tier } } as const]
      : []),
    {
      event: 'approval_asked',
      occurrence: reminded ? `${tier} again` : tier,
      facts: {
        tier,
        ...(onCall && { onCall }),
        quorum,
        perGrant,
        deadline,
        reminded,
        proposalDigest: verdict.proposalDigest,
      },
    },
  ]);
}

const voteKey = ({ principalId, votedAt }: Vote) => `${principalId} ${votedAt}`;
const discountKey = ({ principalId, because }: Evidence['discounted'][number]) => `${principalId} ${because}`;

/** The votes that a tally found and the one before had not: those that count, and those that do not. */
export function whenTallied(state: WorkflowState, evidence: Evidence): AuditEntry[] {
  const { evidence: before } = state;
  const seen = new Set([
    ...(before?.votes ?? []).map(voteKey),
    ...(before?.discounted ?? []).map(discountKey),
  ]);
  return ofRequest(
    state,
    [
      ...evidence.votes.map((vote) => ({ occurrence: voteKey(vote), facts: { ...vote, counted: true } })),
      ...evidence.discounted.map((vote) => ({
        occurrence: discountKey(vote),
        facts: { ...vote, counted: false },
      })),
    ]
      .filter(({ occurrence }) => !seen.has(occurrence))
      .map((entry) => ({ event: 'voted', ...entry })),
  );
}

/** When a grant waits for its claim, or a change is about to be applied. */
export function whenAgreed(state: WorkflowState): AuditEntry[] {
  const { verdict, evidence } = state;
  if (!verdict) return [];
  return ofRequest(state, [...(evidence ? [] : judged(state)), decided(state, verdict)]);
}

/** Before a request is closed otherwise: what was asked, reviewed and decided, where no step before has recorded it. */
export function whenClosing(state: WorkflowState): AuditEntry[] {
  const { verdict, evidence, session, request } = state;
  // AssumeRole has recorded it all.
  if (session) return [];
  const isFinal = verdict && (request.dryRun || FINAL.has(verdict.outcome));
  return ofRequest(state, [
    ...(evidence ? [] : judged(state)),
    ...(isFinal ? [decided(state, verdict)] : []),
  ]);
}

/** Verdicts after which nobody is asked anything. */
const FINAL: ReadonlySet<Verdict['outcome']> = new Set(['grant', 'apply', 'allow', 'deny']);
