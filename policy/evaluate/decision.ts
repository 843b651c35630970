import type { Statement } from '../parse/policy-model.ts';

/** The kinds of policies that a request has to pass. */
export type Layer = 'identity' | 'boundary' | 'session' | 'serviceControl' | 'resource' | 'resourceControl';

/** A statement that the answer rests on, and where it was found. */
export type DecidingStatement = {
  readonly layer: Layer;
  /** Which of the layer's policies, from 0; service control policies are counted through all levels. */
  readonly policyIndex: number;
  readonly statement: Statement;
};

/**
 * What AWS would answer, and by which statements: those that deny it; or, of each layer that had to allow it,
 * those that do. Where an allow is missing, `silent` names the layers that would have had to give one.
 */
export type Decision =
  | { readonly outcome: 'allowed'; readonly statements: readonly DecidingStatement[] }
  | { readonly outcome: 'explicitly-denied'; readonly statements: readonly DecidingStatement[] }
  | { readonly outcome: 'implicitly-denied'; readonly silent: readonly Layer[] };
