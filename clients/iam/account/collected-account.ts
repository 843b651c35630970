import * as z from 'zod';

/** A document as IAM answers it: URL-encoded by the API, decoded by the CLI of AWS. */
const document = z.union([z.string(), z.looseObject({})]);
const tags = z.array(z.object({ PolicyName: z.string(), PolicyDocument: document })).default([]);
const attached = z.array(z.object({ PolicyName: z.string(), PolicyArn: z.string() })).default([]);
const boundary = z.object({ PermissionsBoundaryArn: z.string() }).optional();
const date = z.union([z.string(), z.date()]).optional();

/** The answer of `aws iam get-account-authorization-details`. */
export const detailsSchema = z.object({
  UserDetailList: z
    .array(
      z.object({
        UserName: z.string(),
        Arn: z.string(),
        CreateDate: date,
        UserPolicyList: tags,
        AttachedManagedPolicies: attached,
        GroupList: z.array(z.string()).default([]),
        PermissionsBoundary: boundary,
      }),
    )
    .default([]),
  GroupDetailList: z
    .array(z.object({ GroupName: z.string(), GroupPolicyList: tags, AttachedManagedPolicies: attached }))
    .default([]),
  RoleDetailList: z
    .array(
      z.object({
        RoleName: z.string(),
        Arn: z.string(),
        Path: z.string().default('/'),
        CreateDate: date,
        AssumeRolePolicyDocument: document,
        RolePolicyList: tags,
        AttachedManagedPolicies: attached,
        PermissionsBoundary: boundary,
        RoleLastUsed: z.object({ LastUsedDate: date }).optional(),
      }),
    )
    .default([]),
  Policies: z
    .array(
      z.object({
        PolicyName: z.string(),
        Arn: z.string(),
        DefaultVersionId: z.string().optional(),
        PolicyVersionList: z
          .array(
            z.object({
              VersionId: z.string(),
              IsDefaultVersion: z.boolean().default(false),
              Document: document,
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

const lastAccessed = z.record(
  z.string(),
  z.array(
    z.object({
      ServiceNamespace: z.string(),
      LastAuthenticated: date,
      TrackedActionsLastAccessed: z
        .array(z.object({ ActionName: z.string(), LastAccessedTime: date }))
        .optional(),
    }),
  ),
);

/** Calls of one kind, as a trail tells of them: by the names that the service has there. */
const seenCall = z.strictObject({
  principal: z.string().max(2_048),
  source: z.string().max(200),
  name: z.string().max(200),
  resources: z.array(z.string().max(2_048)).max(100),
  region: z.string().max(50),
  /** Empty where they succeeded. */
  error: z.string().max(200),
  count: z.number().int().nonnegative(),
  first: z.iso.datetime(),
  last: z.iso.datetime(),
});
const calls = z.strictObject({
  events: z.number().int().nonnegative(),
  /** Events of services, of other accounts, of the root user: nobody's who is judged here. */
  ofOthers: z.number().int().nonnegative(),
  /** Events that are none that are known. */
  unread: z.number().int().nonnegative(),
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  /** Services of which data events were among them. */
  dataEventsOf: z.array(z.string()),
  seen: z.array(seenCall),
});
export type CollectedCalls = z.infer<typeof calls>;

const attachedPolicy = z.object({ Name: z.string(), Content: document, Target: z.string().optional() });

/**
 * An account as it was collected, by `iam audit --collect` or by hand: the answers of AWS's own calls, each under a name.
 * What is left out is a gap, and is told as one.
 */
export const collectedSchema = z.strictObject({
  version: z.literal(1),
  account: z.string().regex(/^\d{12}$/),
  collectedAt: z.iso.datetime(),
  authorizationDetails: detailsSchema,
  /** The report's text, as CSV. */
  credentialReport: z.string().optional(),
  accountSummary: z.record(z.string(), z.number()).optional(),
  passwordPolicy: z
    .object({ MinimumPasswordLength: z.number().default(6), PasswordReusePrevention: z.number().default(0) })
    .nullable()
    .optional(),
  analyzers: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
  trails: z
    .array(
      z.object({ IsMultiRegionTrail: z.boolean().default(false), IsLogging: z.boolean().default(false) }),
    )
    .optional(),
  /** By the ARN of a user or role. */
  lastAccessed: lastAccessed.optional(),
  /** With what each is attached to, where that is known: the root, a unit, the account. */
  serviceControlPolicies: z.array(attachedPolicy).optional(),
  /** The same of resource control policies. */
  resourceControlPolicies: z.array(attachedPolicy).optional(),
  calls: calls.optional(),
  /** Why a part is not there: a permission that is missing, for one. */
  gaps: z.record(z.string(), z.string()).default({}),
});
export type Collected = z.infer<typeof collectedSchema>;
