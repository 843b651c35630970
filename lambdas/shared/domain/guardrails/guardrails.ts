import type { AccessLevel, CatalogResource } from '../catalog/catalog.ts';
import type { OutsideContext } from '../outside/outside-fact.ts';
import type { Principal } from '../principal.ts';

/** The Cedar action by which a change to a policy or a principal is guarded. */
export const APPLY_CHANGE = 'postern:ApplyChange';

/** Trusted values only. Nothing of the model's is among them. */
export type GuardrailContext = Partial<OutsideContext> & {
  readonly durationSeconds: number;
  readonly onBehalfOf: boolean;
  readonly approvals: number;
  readonly stepUpApprovals: number;
  /** A change to how a principal signs in, or that gives it a passkey; absent is no. */
  readonly changesSignIn?: boolean;
  /** A change of one's own entry that gives it a passkey and does nothing else; absent is no. */
  readonly enrolsOwnPasskey?: boolean;
  /** The same, where it only takes passkeys away. */
  readonly revokesOwnPasskey?: boolean;
  /** A job for emergencies; absent is no. */
  readonly breakGlass?: boolean;
  /** What the request names beside its reason, which nobody verified; absent is none. */
  readonly references?: readonly string[];
};

/** May this principal do this action on this resource, in this context? */
export type GuardrailQuestion = {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: CatalogResource;
  readonly context: GuardrailContext;
};

export type GuardrailAnswer = {
  readonly allowed: boolean;
  /** `@id`s of the policies that decided; empty where no policy permits. */
  readonly policyIds: readonly string[];
  /** Evaluation errors. Any of them makes the answer a denial: in Cedar, a policy that errs is skipped. */
  readonly errors: readonly string[];
};

/** Names that rules compare facts from outside, and references, with. */
export type NamedOutside = OutsideContext & { readonly references: readonly string[] };

/** One action on a resource that is wanted, with the level that the catalog lists it under. */
export type WantedAction = {
  /** Its key. */
  readonly resource: string;
  readonly action: string;
  readonly level?: AccessLevel | undefined;
};

/** The organisation's hard rules, compiled. Pure: the same question has the same answer. */
export type Guardrails = {
  readonly digest: string;
  ask(question: GuardrailQuestion): GuardrailAnswer;
  /** As it would be if those that are only observed decided too. Absent where none is observed. Nothing is decided by it. */
  askObserving?(question: GuardrailQuestion): GuardrailAnswer;
  /** What rules name of facts and references; where it is absent, none do. */
  readonly namedOutside?: NamedOutside;
  /** False where no rule could permit it, so that asking is of no use; where it is absent, each question is asked. */
  couldPermit?(principal: Principal, wanted: WantedAction): boolean;
  /** Names a question's kind: all of one kind have the same answer. Where it is absent, each is a kind of its own. */
  kindOf?(question: GuardrailQuestion): string;
  /** Digest of the rules that could have a say on these actions; where it is absent, every rule could. */
  digestFor?(principal: Principal, wanted: readonly WantedAction[]): string;
};
