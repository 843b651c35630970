import * as z from 'zod';
import { type EntryAccount, memberAccountSchema, namedAccountsSchema } from './accounts.ts';

/** What a catalog entry is in AWS; it chooses how the session policy's statements are built. */
export const resourceKindSchema = z.enum([
  'dynamodb-table',
  'dynamodb-index',
  's3-prefix',
  'sqs-queue',
  'secret',
  'lambda-function',
  'log-group',
  'kms-key',
  'cognito-user-pool',
  'exact-arns',
  'service-wide',
]);
export type ResourceKind = z.infer<typeof resourceKindSchema>;

export const sensitivitySchema = z.enum(['public', 'internal', 'confidential', 'restricted']);
export type Sensitivity = z.infer<typeof sensitivitySchema>;

export const accessLevelSchema = z.enum(['read', 'write', 'admin']);
/** The action groups of the guardrails. */
export type AccessLevel = z.infer<typeof accessLevelSchema>;

/** A key as it is written; an entry of several accounts has one for each, `<key>@<name of the account>`. */
const keySchema = z.string().regex(/^[a-z][a-z0-9_]{1,63}$/);
/** Of a key with its account's name. */
export const MOST_KEY_CHARACTERS = 100;

export const catalogResourceSchema = z.strictObject({
  key: keySchema,
  kind: resourceKindSchema,
  /** One or more ARNs, with `${AWS::Region}`-style placeholders resolved at load; none for `service-wide`. */
  arns: z.array(z.string().startsWith('arn:').max(1011)).max(10).default([]),
  /**
   * For a `secret`: its ARNs end in the six characters that AWS drew. Without it they are names, and any six characters
   * follow; it has to be said where a name ends like such characters.
   */
  wholeArns: z.boolean().optional(),
  /** For `service-wide`: the account, where it is not the broker's own. */
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  /** The accounts that have it, each by its id or its unit; its ARNs name them by `${account}`. */
  accounts: namedAccountsSchema.optional(),
  purpose: z.string().min(10).max(300),
  sensitivity: sensitivitySchema,
  /** Grantable AWS actions by access level, e.g. `{ "read": ["dynamodb:GetItem"] }`. */
  actions: z.partialRecord(accessLevelSchema, z.array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/)).min(1)),
  /** Longest session in seconds, 900-3600: AssumeRole by a Lambda is role chaining. */
  maxDurationSeconds: z.number().int().min(900).max(3600),
  /** Rows belong to a subject: `dynamodb:LeadingKeys` is pinned to the signed-in subject's id. */
  subjectScoped: z.boolean().default(false),
  /** Entries with the same word here are reached by one role where a role can hold them, and so by one session. */
  together: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/)
    .optional(),
  /**
   * How a table's or an index's rows are keyed, where it is not by the subject's id alone: a text around one
   * `${subject}`, or around `${subject.NAME}` for what the subject's token says under that claim.
   */
  leadingKey: z.string().min(3).max(200).optional(),
  /** The approval tier that is asked first: the resource's owners. */
  ownerTier: z.string().optional(),
  /** Where set, an owner's silence is a denial instead of an escalation. */
  ownerRequired: z.boolean().default(false),
  /** The key that encrypts it, where a grant must also allow use of that key through the service. */
  kmsKeyArn: z.string().optional(),
  /** For `kms-key`: the service through which alone the key may be used, e.g. `dynamodb`. */
  viaService: z.string().optional(),
  /** Why an action that can widen access (privilege escalation) is brokered all the same. */
  acknowledgeEscalation: z.string().min(20).optional(),
});
type WrittenResource = z.infer<typeof catalogResourceSchema>;
/** An entry as it is used: of one account. */
export type CatalogResource = Omit<WrittenResource, 'accounts'> & {
  /** The account that it is in; absent where that is the broker's own. */
  readonly account?: EntryAccount;
};

/** Entries that a catalog may have, those of each account counted. */
export const MOST_ENTRIES = 500;

export const catalogSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  /** The organisation's other accounts. */
  accounts: z.array(memberAccountSchema).max(100).optional(),
  resources: z.array(catalogResourceSchema).min(1).max(MOST_ENTRIES),
});
/** A catalog as it is written. */
export type WrittenCatalog = z.infer<typeof catalogSchema>;
/** A catalog as it is used, one entry for each account. */
export type CatalogFile = Omit<WrittenCatalog, 'resources'> & { readonly resources: CatalogResource[] };

/** Which part of the catalog an entry is in, from 1, by its key: parts are what brokered roles reach. */
export type CatalogParts = ReadonlyMap<string, number>;

/** The catalog as decisions use it: ARNs resolved for one account and region. */
export type Catalog = {
  readonly digest: string;
  readonly resources: ReadonlyMap<string, CatalogResource>;
  /** How it is divided among the brokered roles; one part where it is absent. */
  readonly parts?: CatalogParts;
};

/** The access level an action of this resource is listed under, or undefined where it is not grantable. */
export function accessLevelOf(
  resource: Pick<CatalogResource, 'actions'>,
  action: string,
): AccessLevel | undefined {
  return accessLevelSchema.options.find((level) => resource.actions[level]?.includes(action));
}

/** Every grantable action of a resource, in catalog order. */
export function grantableActions(resource: Pick<CatalogResource, 'actions'>): string[] {
  return accessLevelSchema.options.flatMap((level) => resource.actions[level] ?? []);
}
