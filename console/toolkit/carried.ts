import * as z from 'zod';
import { MOST_PROSE } from '../../clients/iam/generate/ask-intent.ts';
import { intentSchema } from '../../clients/iam/generate/intent-schema.ts';
import { PosternError } from '../../clients/sdk/postern-error.ts';

/** Characters of what a form carries: what was said, and what was understood of it. */
const MOST_CARRIED = 200_000;
/** Changes of one policy, each with its words. */
const MOST_SAID = 25;

const readSchema = z.strictObject({
  prose: z.array(z.string().max(MOST_PROSE)).min(1).max(MOST_SAID),
  intent: intentSchema,
  readBy: z.strictObject({ model: z.string().min(1).max(100), isOffline: z.boolean() }),
});

const carriedSchema = z.strictObject({
  read: readSchema,
  /** What it changes. */
  before: readSchema.optional(),
});

/** What somebody said and what was understood of it, with who understood it. */
export type Read = z.infer<typeof readSchema>;

/**
 * All that there is of a policy that is being made, between two forms: nothing is kept of it but in the page. It is what
 * its reader typed, and good for nobody else; policies and proofs are made of it anew each time.
 */
export type Carried = z.infer<typeof carriedSchema>;

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_request', detail });

export function writeCarried(carried: Carried): string {
  const text = JSON.stringify(carried);
  if (text.length > MOST_CARRIED || carried.read.prose.length > MOST_SAID)
    throw refused('There are too many changes of one policy: begin anew with all that it is for.');
  return text;
}

/** Undefined where a form carries none. Throws `invalid_request` for what these pages did not write. */
export function readCarried(text: string | null): Carried | undefined {
  if (!text) return undefined;
  const read = text.length <= MOST_CARRIED ? carriedSchema.safeParse(jsonOf(text)) : undefined;
  if (!read?.success) throw refused('The page did not arrive as it was made: begin anew.');
  return read.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
