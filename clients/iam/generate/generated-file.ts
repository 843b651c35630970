import { readFile, stat } from 'node:fs/promises';
import * as z from 'zod';
import type { Generated } from '../../../policy/generate/generate.ts';
import type { Intent } from '../../../policy/generate/intent.ts';
import type { ProofAnswer } from '../../../policy/prove/prove.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { intentSchema } from './intent-schema.ts';

/** Bytes of a file that was written by `--json`. */
const MOST_BYTES = 1_000_000;

/** What was generated before, as far as it is read again: the policies are proved against, and built of the intent. */
export const generatedFileSchema = z.object({
  prose: z.array(z.string().max(4_000)).max(100),
  intent: intentSchema,
  permissions: z.unknown().optional(),
  trust: z.unknown().optional(),
});
export type GeneratedFile = z.infer<typeof generatedFileSchema>;

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_request', detail });

/** Reads what `iam generate --json` wrote, questions or policies. Throws `invalid_request`. */
export async function readGeneratedFile(file: string): Promise<GeneratedFile> {
  const about = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw refused(`${file} cannot be read: ${error.code ?? 'unreadable'}`);
  });
  if (about.size > MOST_BYTES) throw refused(`${file} is too large to be what iam generate wrote`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw refused(`${file} is no JSON: it has to be what iam generate --json wrote`);
  }
  const read = generatedFileSchema.safeParse(value);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  throw refused(
    `${file} is not what iam generate --json writes: ${first?.path.join('.')}: ${first?.message}`,
  );
}

/** How the policies stand to the ones that they refine. */
export type RefinedReport = {
  readonly permissions: ProofAnswer;
  readonly trust?: ProofAnswer;
  readonly widerBy: readonly { readonly sid: string; readonly because: readonly string[] }[];
};

export type By = { readonly model: string; readonly isOffline: boolean };

/** All that was generated, with what it was generated of. */
export type Report = Generated & {
  readonly readBy: By;
  readonly prose: readonly string[];
  readonly intent: Intent;
  readonly refined?: RefinedReport;
};

/** A report as JSON: what is read again, and what others look for. */
export function plainGenerated({ readBy, prose, intent, refined, ...generated }: Report) {
  const { permissions, trust, statements, notes, findings, score } = generated;
  return {
    readBy,
    prose,
    intent,
    permissions,
    ...(trust && { trust: trust.document, trustBecause: trust.because }),
    statements: statements.map(({ statement, because }) => ({ sid: statement.Sid, because })),
    notes,
    findings,
    ...(score !== undefined && { score }),
    ...(refined && { refined }),
  };
}
