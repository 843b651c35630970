import * as z from 'zod';

/** What an identity provider writes may be long and strange; it is bounded here, and escaped where it is shown. */
const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => value.isWellFormed());

/** The id of a user or a group, which Postern gives. */
export const directoryIdSchema = z.uuid();

const stored = {
  id: directoryIdSchema,
  /** Grows by one with each write; a write is based on the one that it read. */
  version: z.number().int().min(1),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
};

export const emailEntrySchema = z.object({
  value: text(254),
  type: text(64).optional(),
  primary: z.boolean().optional(),
  display: text(256).optional(),
});

/** What is kept of a user: what makes a principal of them, and no more of their life. */
export const userAttributesSchema = z.object({
  userName: text(254),
  /** The provider's own id of the user. */
  externalId: text(255).optional(),
  displayName: text(256).optional(),
  name: z
    .object({
      formatted: text(256).optional(),
      familyName: text(256).optional(),
      givenName: text(256).optional(),
    })
    .optional(),
  active: z.boolean(),
  emails: z.array(emailEntrySchema).max(10).optional(),
});
export type UserAttributes = z.infer<typeof userAttributesSchema>;

export const directoryUserSchema = userAttributesSchema.extend({ kind: z.literal('user'), ...stored });
export type DirectoryUser = z.infer<typeof directoryUserSchema>;

/** Members of one group that a row has room for. */
export const MOST_MEMBERS = 5000;

export const groupAttributesSchema = z.object({
  displayName: text(256),
  externalId: text(255).optional(),
  /** Ids of users. One that nobody has is nobody. */
  members: z.array(text(64)).max(MOST_MEMBERS),
});
export type GroupAttributes = z.infer<typeof groupAttributesSchema>;

export const directoryGroupSchema = groupAttributesSchema.extend({ kind: z.literal('group'), ...stored });
export type DirectoryGroup = z.infer<typeof directoryGroupSchema>;

/** What is left of a user or a group that was deleted: that it was. */
export const deletedSchema = z.object({
  kind: z.enum(['user', 'group']),
  id: directoryIdSchema,
  version: z.number().int().min(1),
  deletedAt: z.iso.datetime(),
});
export type Deleted = z.infer<typeof deletedSchema>;

/** Letters, digits and signs that mean nothing to Slack, a shell or a browser. */
const PLAIN_EMAIL = /^[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/** A person's id is at most as long as this, and people from a directory have their e-mail for one. */
const MOST_EMAIL = 64;

/**
 * The e-mail by which a user is known: the primary one, or the first. In small letters, as no provider tells people
 * apart by them. `unusable` where it cannot be an id.
 */
export function emailOf({ emails = [] }: Pick<UserAttributes, 'emails'>): string | 'unusable' | undefined {
  const chosen = emails.find(({ primary }) => primary) ?? emails[0];
  if (!chosen) return undefined;
  const email = chosen.value.toLowerCase();
  return email.length <= MOST_EMAIL && PLAIN_EMAIL.test(email) ? email : 'unusable';
}
