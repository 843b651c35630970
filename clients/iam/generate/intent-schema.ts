import * as z from 'zod';

/** What a model says: an intent, never a policy. Strict in the provider's sense: every property required, none more. */
export function modelIntentSchema(services: ReadonlySet<string>) {
  return z.strictObject({
    kind: z.enum(['policy', 'question', 'unclear']),
    accesses: z.array(
      z.strictObject({
        service: z.enum([...services] as [string, ...string[]]),
        resourceType: z.string().nullable(),
        resourceName: z.string().nullable(),
        actions: z.array(z.string()),
        words: z.string(),
        kmsKey: z.string().nullable(),
        passedRole: z.string().nullable(),
      }),
    ),
    account: z.string().nullable(),
    region: z.string().nullable(),
    assumedBy: z.string().nullable(),
    externalId: z.string().nullable(),
    about: z.array(z.string()),
  });
}

const text = (most: number) => z.string().min(1).max(most);

/** The same bounded: the schema that was sent bounds no list, and a provider's word that it enforced it is not believed. */
const boundedSchema = z.strictObject({
  kind: z.enum(['policy', 'question', 'unclear']),
  accesses: z
    .array(
      z.strictObject({
        service: text(64),
        resourceType: text(100).nullable(),
        resourceName: text(600).nullable(),
        actions: z.array(text(128)).max(200),
        words: text(600),
        kmsKey: text(300).nullable(),
        passedRole: text(700).nullable(),
      }),
    )
    .max(60),
  account: text(20).nullable(),
  region: text(40).nullable(),
  assumedBy: text(700).nullable(),
  externalId: text(1300).nullable(),
  about: z.array(text(128)).max(20),
});
export type ModelIntent = z.infer<typeof boundedSchema>;

/** What a model's text says, or which fields are off schema; never their content. */
export function readModelIntent(output: string): { intent: ModelIntent } | { offSchema: string } {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return { offSchema: 'the output is not JSON' };
  }
  const read = boundedSchema.safeParse(value);
  if (read.success) return { intent: read.data };
  const fields = read.error.issues.map(({ path }) => path.map(String).join('.') || '(root)');
  return { offSchema: `off schema at ${[...new Set(fields)].slice(0, 5).join(', ').slice(0, 300)}` };
}

/** An intent as others give it: a file, or the arguments of a tool. */
export const intentSchema = z.strictObject({
  accesses: z
    .array(
      z.strictObject({
        service: text(64).describe('The prefix of its actions: s3.'),
        type: text(100).optional().describe("A kind of resource, by IAM's name for it: object, table."),
        name: text(600).optional().describe('A name, the end of an ARN, or a whole one; * for every one.'),
        actions: z.array(text(128)).min(1).max(200).describe('Whole names: s3:GetObject.'),
        words: text(600).describe('The words that ask for it.'),
      }),
    )
    .min(1)
    .max(60),
  answers: z.record(text(20), text(1300)).default({}),
});
