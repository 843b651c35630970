import type { Policy, Position } from './policy-model.ts';

/** Why AWS, or JSON itself, would not take a policy. */
export type RefusalCode =
  | 'not-json'
  | 'nested-too-deep'
  | 'duplicate-key'
  | 'wrong-type'
  | 'unknown-element'
  | 'missing-element'
  | 'element-and-its-negation'
  | 'element-not-of-this-type'
  | 'effect-not-of-this-type'
  | 'not-principal-with-allow'
  | 'unknown-version'
  | 'unknown-effect'
  | 'bad-sid'
  | 'duplicate-sid'
  | 'empty-list'
  | 'bad-action'
  | 'bad-resource'
  | 'bad-principal'
  | 'unknown-operator'
  | 'bad-condition-key'
  | 'duplicate-condition-key'
  | 'bad-condition-value'
  | 'bad-variable';

export type Refusal = {
  readonly code: RefusalCode;
  /** The element, as in `Statement[0].Action[1]`; empty for the document itself. Text from outside. */
  readonly path: string;
  readonly position?: Position;
};

/** A policy, or every reason for which it is none. */
export type ParseResult =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly refusals: readonly [Refusal, ...Refusal[]] };
