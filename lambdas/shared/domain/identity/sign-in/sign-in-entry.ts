import * as z from 'zod';

/** A claim's value, to the letter; or, with a `*` at its end, how it begins. */
const wantedSchema = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^*]*\*?$/, 'may have a * at its end only');

/**
 * One way in which a principal signs in: as a subject of an issuer, or by claims that the issuer sets, each exactly,
 * as one of a list, or by how it begins.
 */
export const signInEntrySchema = z.union([
  z.strictObject({
    issuer: z.url().max(256),
    subject: z
      .string()
      .min(1)
      .max(255)
      .refine((subject) => subject.isWellFormed(), 'must be well-formed Unicode'),
  }),
  z.strictObject({
    issuer: z.url().max(256),
    claims: z
      .record(z.string().min(1).max(128), z.union([wantedSchema, z.array(wantedSchema).min(1).max(20)]))
      .refine((claims) => Object.keys(claims).length > 0, 'names no claim')
      .refine((claims) => Object.keys(claims).length <= 10, 'names more than ten claims'),
  }),
]);
export type SignInEntry = z.infer<typeof signInEntrySchema>;

/** What a claim may be, as a list. */
export const wantedValues = (wanted: string | readonly string[]): readonly string[] => [wanted].flat();

/** What an entry wants of a token's claims: an entry by subject wants its `sub`. */
export const wantedClaims = (entry: SignInEntry): Readonly<Record<string, readonly string[]>> =>
  'subject' in entry
    ? {}
    : Object.fromEntries(Object.entries(entry.claims).map(([name, wanted]) => [name, wantedValues(wanted)]));
