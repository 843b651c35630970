import type { Policy } from '../parse/policy-model.ts';

/**
 * Who makes a request. An `aws` principal is a user, a role's session, a federated user's session or an account's
 * root user, by the ARN that it has in a request.
 */
export type RequestPrincipal =
  | {
      readonly kind: 'aws';
      readonly arn: string;
      /** Of a session the ARN of its role, with the role's path; of a federated user that of the user behind it. */
      readonly issuerArn?: string;
      /** The account's canonical user id, which S3 knows it by. */
      readonly canonicalUserId?: string;
    }
  /** An AWS service that acts for itself, as `lambda.amazonaws.com`. */
  | { readonly kind: 'service'; readonly name: string }
  /** Who comes with an identity provider's token or assertion. */
  | { readonly kind: 'federated'; readonly provider: string }
  | { readonly kind: 'anonymous' };

export type AccessRequest = {
  readonly principal: RequestPrincipal;
  /** As `dynamodb:GetItem`; compared without case. */
  readonly action: string;
  /** An ARN without wildcards, or `*` for an action that is about no resource. */
  readonly resource: string;
  readonly resourceAccountId: string;
  /**
   * The condition keys that AWS puts into the request, compared without case. A key that AWS lists as multivalued
   * is a list, also with one value in it. One that resolves to nothing is absent: left out, or an empty list.
   */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /**
   * Whether nothing is allowed that the resource's own policy does not allow, or leave to its account: true of a
   * KMS key, and of a role that is to be assumed.
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
   */
  readonly needsResourcePolicy?: boolean;
};

/** All that is attached to the principal, to the resource, and to the accounts of both. */
export type AppliedPolicies = {
  readonly identity: readonly Policy[];
  readonly boundary?: Policy;
  /** Absent of a session that was made without one. Several are read as one, as STS does. */
  readonly session?: readonly Policy[];
  /**
   * For the organisation's root, each unit below it and the principal's account, in any order, what is attached
   * there. Absent where none apply: without an organisation, in its management account, to a service.
   */
  readonly serviceControl?: readonly (readonly Policy[])[];
  readonly resource?: Policy;
  /** All that apply to the resource's account. RCPFullAWSAccess stands everywhere and may be left out. */
  readonly resourceControl?: readonly Policy[];
};
