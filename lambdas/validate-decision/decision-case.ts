import type { AccessRequest } from '../shared/domain/access-request.ts';
import type { ApprovalsConfig } from '../shared/domain/approvals/approvals-config.ts';
import type { Catalog } from '../shared/domain/catalog/catalog.ts';
import type { ResolvedGrant } from '../shared/domain/catalog/resolve-grants.ts';
import type { Lack } from '../shared/domain/guardrails/at-best.ts';
import type { QuorumAnswer } from '../shared/domain/guardrails/find-quorum.ts';
import type { Guardrails } from '../shared/domain/guardrails/guardrails.ts';
import type { IssuersConfig } from '../shared/domain/identity/issuers.ts';
import type { Proposal, Review } from '../shared/domain/review.ts';
import type { RulePins } from '../shared/domain/rule-pins.ts';
import type { ApprovalAsk, Observed, Quorum } from '../shared/domain/verdict.ts';
import type { Evidence } from '../shared/domain/vote.ts';
import type { Loaded } from '../shared/domain/workflow-state.ts';

/** The configuration that decisions rest on, and the digests that LoadPolicy must have pinned. */
export type Rulebook = {
  readonly catalog: Catalog;
  readonly guardrails: Guardrails;
  readonly approvals: ApprovalsConfig;
  /** By whose tokens a principal may be made to sign in. */
  readonly issuers: IssuersConfig;
  readonly digests: { readonly catalog: string; readonly guardrails: string; readonly approvals: string };
  /** Where the broker runs: its brokered roles are here, but for resources of other accounts. */
  readonly home: { readonly partition: string; readonly accountId: string };
};

/** What a decision is made from: trusted values, evidence, and the proposal that is being judged. */
export type Case = {
  readonly request: AccessRequest;
  readonly loaded: Loaded;
  readonly review: Review;
  readonly evidence?: Evidence;
  /** What was asked of people in the last round, if there was one. */
  readonly asked?: ApprovalAsk;
  /** The rules that the last round rested on. */
  readonly pinned?: RulePins;
};

/** A proposal, merged and looked up in the catalog, as the rules see it. */
export type Candidate = {
  readonly grants: readonly ResolvedGrant[];
  /** Resources that were proposed and are not in the catalog. */
  readonly unknownResources: readonly string[];
  /** Seconds the model proposed. */
  readonly proposedSeconds: number;
};

/** How the reviewer judges a proposal. It can ask for a person where the guardrails would not, and no more. */
export type Judgement = Pick<Proposal, 'risk' | 'authorization'>;

/** What the guardrails say to one grant, with the approvals that it really has. */
export type GuardedGrant = {
  readonly grant: ResolvedGrant;
  readonly has: Quorum;
  readonly answer: QuorumAnswer;
  /** What it is forbidden for want of, where something is missing that no approval stands for. */
  readonly lacks: Lack | undefined;
  /** What those that are only observed would have answered, where that is something else. */
  readonly observed: Observed | undefined;
};

/** The approvals one grant still waits for. */
export type Need = {
  readonly resource: string;
  readonly quorum: Quorum;
  readonly has: Quorum;
  readonly ownerTier?: string;
  readonly ownerRequired: boolean;
};
