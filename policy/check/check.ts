import type { IamData } from '../data/iam-data.ts';
import type { JsonNode } from '../parse/json-node.ts';
import type { Refusal } from '../parse/parse-result.ts';
import type { Policy, PolicyType } from '../parse/policy-model.ts';
import type { PolicyLayers } from '../prove/rules/compile-policies.ts';
import type { Hit, Severity } from './finding.ts';

/** What a policy is attached to: quotas differ. */
export type Holder = 'managed' | 'user' | 'group' | 'role';

/** What a check knows beside the policy. All but `data` is what the caller was told. */
export type Surroundings = {
  readonly data: IamData;
  /** Twelve digits; without it, other accounts cannot be told from one's own. */
  readonly account?: string;
  /** What identity policies are limited by: a boundary, the service control policies of an account. */
  readonly limits?: PolicyLayers;
  /** Patterns of the ARNs of roles for emergencies, which an organisation's denials should spare. */
  readonly breakGlass?: readonly string[];
  /** Managed policies, of AWS and of the account, by ARN. */
  readonly managed?: ReadonlyMap<string, Policy>;
  /** What the policy has to be within, by name: what was committed, or a session's reference. */
  readonly references?: ReadonlyMap<
    string,
    { readonly policy: Policy; readonly as: 'session' | 'committed' }
  >;
};

/** A policy that can be read. */
export type Subject = {
  readonly name: string;
  readonly policy: Policy;
  /** The document as it was written. */
  readonly root: JsonNode;
  readonly holder: Holder;
  readonly around: Surroundings;
};

type Described = {
  /** As in the catalogue: `B01`. */
  readonly id: string;
  readonly severity: Severity;
  /** A few words. */
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
};

/** What a check can say nothing without. */
export type Needed = 'managed' | 'breakGlass' | 'references';

/** A check of a policy that can be read. */
export type Check = Described & {
  readonly needs?: readonly Needed[];
  /** The types that it is about; all where it is absent. */
  readonly types?: readonly PolicyType[];
  readonly run: (subject: Subject) => Iterable<Hit>;
};

/** A check of what the parser refuses. */
export type FormCheck = Described & {
  readonly takes: (refusal: Refusal, type: PolicyType) => boolean;
  readonly tell: (refusal: Refusal) => string;
};
