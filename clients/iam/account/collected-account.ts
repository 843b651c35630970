import * as z from 'zod';

/** A document as IAM answers it: URL-encoded by the API, decoded by the CLI of AWS. */
const document = z.union([z.string(), z.looseObject({})]);
const tags = z.array(z.object({ PolicyName: z.string(), PolicyDocument: document })).default([]);
const attached = z.array(z.object({ PolicyName: z.string(), PolicyArn: z.string() })).default([]);
const boundary = z.object({ PermissionsBoundaryArn: z.string() }).optional();
const date = z.union([z.string(), z.date()]).optional();

const details = z.object({
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

/**
 * An account as it was collected, by `iam audit --collect` or by hand: the answers of AWS's own calls, each under a name.
 * What is left out is a gap, and is told as one.
 */
export const collectedSchema = z.strictObject({
  version: z.literal(1),
  account: z.string().regex(/^\d{12}$/),
  collectedAt: z.iso.datetime(),
  authorizationDetails: details,
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
  serviceControlPolicies: z.array(z.object({ Name: z.string(), Content: document })).default([]),
  /** Why a part is not there: a permission that is missing, for one. */
  gaps: z.record(z.string(), z.string()).default({}),
});
export type Collected = z.infer<typeof collectedSchema>;
