/** Where something begins in the text of a policy. Both count from 1; columns are UTF-16 units, as editors count. */
export type Position = { readonly line: number; readonly column: number };

/** Absent where the policy was given as a value that somebody else had parsed. */
type Located = { readonly position?: Position };

/**
 * The use that a policy is put to. It decides which elements it may have.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#access_policy-types
 */
export type PolicyType = 'identity' | 'resource' | 'trust' | 'session' | 'boundary' | 'scp' | 'rcp';

export type Policy = {
  readonly type: PolicyType;
  /** Policy variables exist only in the newer version; a policy that names none has the older one. */
  readonly version: '2012-10-17' | '2008-10-17';
  readonly id?: string;
  readonly statements: readonly Statement[];
};

export type Statement = Located & {
  /** Its place in the policy, from 0. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** Principal or NotPrincipal: resource, trust and resource control policies have it, the others do not. */
  readonly principals?: Element<Principal>;
  /** Action or NotAction. Compared without case. */
  readonly actions: Element<Pattern>;
  /** Resource or NotResource. Absent in a trust policy, which is about the role that it stands on. */
  readonly resources?: Element<Pattern>;
  /** All must hold. */
  readonly conditions: readonly Condition[];
};

/** One of an element's two forms: `Action` and `NotAction`, and so on. */
export type Element<Item> = Located & { readonly negated: boolean; readonly items: readonly Item[] };

/** A text with wildcards and policy variables in it. */
export type Pattern = Located & {
  /** As it was written. */
  readonly text: string;
  /** In order. No two literals follow one another, and none is empty. */
  readonly parts: readonly PatternPart[];
};

/**
 * `many` was written `*` and `single` was written `?`: wildcards in an action, in a resource and for the
 * operators that know wildcards, and plain characters for the others. An escaped `${*}`, `${?}` or `${$}` is
 * part of a literal.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export type PatternPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'many' }
  | { readonly kind: 'single' }
  /** `key` is in lower case. `fallback` stands where the request has no such key. */
  | { readonly kind: 'variable'; readonly key: string; readonly fallback?: string };

/**
 * Who is meant.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type Principal = Located &
  (
    | { readonly kind: 'everyone' }
    /** Every principal of an account, written as its number or as its root's ARN. */
    | { readonly kind: 'account'; readonly accountId: string }
    /** A user, a role, or a session of one, by its whole ARN. */
    | { readonly kind: 'arn'; readonly arn: string }
    /** What AWS stores in place of a user or role that was deleted: it means nobody. */
    | { readonly kind: 'deleted'; readonly id: string }
    | { readonly kind: 'service'; readonly name: string }
    | { readonly kind: 'federated'; readonly provider: string }
    | { readonly kind: 'canonical-user'; readonly id: string }
  );

/** One condition key under one operator. Any of the values may match; for a negated operator none may. */
export type Condition = Located & {
  readonly operator: Operator;
  /** In lower case: keys are compared without case. */
  readonly key: string;
  readonly values: readonly Pattern[];
};

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export type Operator = {
  readonly name: OperatorName;
  readonly quantifier?: 'ForAllValues' | 'ForAnyValue';
  readonly ifExists: boolean;
};

export type OperatorName =
  | 'StringEquals'
  | 'StringNotEquals'
  | 'StringEqualsIgnoreCase'
  | 'StringNotEqualsIgnoreCase'
  | 'StringLike'
  | 'StringNotLike'
  | 'NumericEquals'
  | 'NumericNotEquals'
  | 'NumericLessThan'
  | 'NumericLessThanEquals'
  | 'NumericGreaterThan'
  | 'NumericGreaterThanEquals'
  | 'DateEquals'
  | 'DateNotEquals'
  | 'DateLessThan'
  | 'DateLessThanEquals'
  | 'DateGreaterThan'
  | 'DateGreaterThanEquals'
  | 'Bool'
  | 'BinaryEquals'
  | 'IpAddress'
  | 'NotIpAddress'
  | 'ArnEquals'
  | 'ArnLike'
  | 'ArnNotEquals'
  | 'ArnNotLike'
  | 'Null';
