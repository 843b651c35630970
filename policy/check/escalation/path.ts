import type { Severity } from '../finding.ts';

/**
 * How rights are gained, by the categories of pathfinding.cloud; `impact` gains none, and lets others in, or blinds
 * who watches.
 */
export type EscalationCategory =
  | 'self-escalation'
  | 'principal-access'
  | 'new-passrole'
  | 'existing-passrole'
  | 'impact';

/** An action that has to be possible, on some resource that it takes. */
export type Need = {
  readonly action: string;
  /** Condition keys as the request has to carry them: each has one of the values. */
  readonly carries?: Readonly<Record<string, readonly string[]>>;
  /** Kinds of resources, by their ARNs, of which each call names one besides those that it always names. */
  readonly besides?: readonly string[];
  /**
   * `own`: possible on somebody else's user, and not on the caller's own alone. `named`: possible on more than roles
   * that the policy names one by one, which somebody has thought about.
   */
  readonly beyond?: 'own' | 'named';
  /** It attaches a policy: what it gives is what that policy opens. */
  readonly attaches?: true;
};

/** A set of actions that together give more than was given. */
export type EscalationPath = {
  readonly id: string;
  /** Its id at pathfinding.cloud, where it has one. */
  readonly upstream?: string;
  readonly category: EscalationCategory;
  readonly severity: Severity;
  /** All have to be possible; where a list stands in place of one, any of the list. */
  readonly needs: readonly (Need | readonly Need[])[];
  /** How it is done, in one sentence. */
  readonly how: string;
};

/** A role is handed to one of these services. */
export const passRole = (...services: readonly string[]): Need => ({
  action: 'iam:PassRole',
  carries: { 'iam:PassedToService': services.map((name) => `${name}.amazonaws.com`) },
});
export const does = (action: string): Need => ({ action });
/** A policy of the caller's choice is attached, as far as conditions leave a choice. */
export const attaches = (action: string): Need => ({ action, attaches: true });
/** On another user than the caller's own. */
export const doesToOthers = (action: string): Need => ({ action, beyond: 'own' });
export const anyOf = (...actions: readonly string[]): readonly Need[] => actions.map(does);
