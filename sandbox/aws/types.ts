import type { SigningCredential } from '../../gateway/wire/signing-credential.ts';

/** An IAM policy document, as stored. */
export type PolicyDocument = { Version?: string; Id?: string; Statement: unknown };

/** Who made a call, as the sandbox verified it. */
export type AwsCaller = {
  accountId: string;
  arn: string;
  userId: string;
  accessKeyId: string;
  /** Identity policies attached to the user or role. */
  identityPolicies: PolicyDocument[];
  sessionPolicy?: PolicyDocument;
  boundary?: PolicyDocument;
  principalTags: Record<string, string>;
  sourceIdentity?: string;
  /** The role's ARN, where the caller is a role session. */
  sessionIssuer?: string;
  /** When a session was issued: aws:TokenIssueTime. */
  issuedAt?: Date;
};

/** A key pair that the sandbox knows, with the caller it stands for. */
export type AwsCredential = SigningCredential<AwsCaller>;

export type AwsCall = {
  service: string;
  operation: string;
  input: Record<string, unknown>;
  caller: AwsCaller;
  /** The one that it was signed for. */
  region?: string;
};

/** One AWS service of the endpoint, chosen by the service name in the SigV4 credential scope. */
export type AwsService = {
  /** 'states', 'dynamodb', 'kms', ... */
  name: string;
  /** What IAM must allow for this call: one or more (action, resource ARN, context keys). */
  authorizations(call: AwsCall): {
    action: string;
    resource: string;
    context?: Record<string, string | string[]>;
    /** The resource's own policy, where the service has one that takes part. */
    resourcePolicy?: PolicyDocument;
  }[];
  /** Answers the call's output. Throws AwsError. */
  handle(call: AwsCall): Promise<unknown>;
};

/** One call as it was answered; times in milliseconds of `performance.now()`. */
export type TimedCall = {
  readonly callerArn: string;
  readonly service: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly startedAt: number;
  readonly endedAt: number;
};
