import * as z from 'zod';
import { type Principal, principalIdSchema, principalSchema } from '../principal.ts';

const { groups } = principalSchema.shape;

/** A group of the directory: by the provider's own id, which nobody else can take, or by its name. */
export const groupRefSchema = z.union([
  z.strictObject({ externalId: z.string().min(1).max(255) }),
  z.strictObject({ displayName: z.string().min(1).max(256) }),
]);
export type GroupRef = z.infer<typeof groupRefSchema>;

/** A template's id shares the alphabet of principals' ids: a change names it as its target. */
export const templateIdSchema = principalIdSchema;

export const templateSchema = z.strictObject({
  id: templateIdSchema,
  /** Whoever is in it is a principal. */
  group: groupRefSchema,
  /** The principal groups of them all. */
  groups,
  /** Further groups of the directory, and the principal groups that those of them have besides. */
  also: z
    .array(z.strictObject({ group: groupRefSchema, groups }))
    .max(20)
    .default([]),
  /** How they sign in: a token's subject is what the directory says of them. */
  signIn: z
    .array(
      z.strictObject({
        issuer: z.url().max(256),
        subject: z.enum(['externalId', 'userName', 'email', 'id']),
      }),
    )
    .max(3)
    .default([]),
  /** Roles of IAM Identity Center, as their sessions' ARNs show them; the session is named after the user. */
  identityCenterRoles: z
    .array(
      z
        .string()
        .max(200)
        .regex(
          /^arn:aws[a-z-]*:sts::[0-9]{12}:assumed-role\/AWSReservedSSO_[A-Za-z0-9_+=,.@-]+$/,
          'arn:aws:sts::<account>:assumed-role/AWSReservedSSO_…, without the user',
        ),
    )
    .max(5)
    .default([]),
  /** Finds their Slack user by their e-mail. */
  slackByEmail: z.boolean().default(false),
  /** The policy text of each of them. */
  policy: z.string().trim().min(1).max(12_000),
  delivery: principalSchema.shape.delivery,
  version: z.number().int().min(1).default(1),
});

/** Makes whoever is in a group of the directory a principal. It is altered only by a change. */
export type Template = z.infer<typeof templateSchema>;

/** The template that a proposal would write, or undefined where its text is none. */
export function proposedTemplate(proposal: string): Template | undefined {
  try {
    return templateSchema.safeParse(JSON.parse(proposal)).data;
  } catch {
    return undefined;
  }
}

/** What stands for everybody of a template, among the persons whom a change is about. */
export const markOfTemplate = (id: string): string => `template:${id}`;

/** Whom a change is about is told by these: the persons behind a principal, and the template that it is of. */
export const marksOf = ({ persons, directory }: Pick<Principal, 'persons' | 'directory'>): string[] => [
  ...persons,
  ...(directory ? [markOfTemplate(directory.template)] : []),
];
