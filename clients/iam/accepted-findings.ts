import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { CheckedPolicy } from '../../policy/check/check-policy.ts';
import type { Finding } from '../../policy/check/finding.ts';
import { PosternError } from '../sdk/postern-error.ts';
import type { CheckReport } from './check-inputs.ts';
import { fingerprintOf } from './outputs/fingerprint.ts';

const baselineSchema = z.strictObject({
  version: z.literal(1),
  findings: z.array(z.string().regex(/^[0-9a-f]{32}$/)),
});

const suppressionSchema = z.strictObject({
  /** Of the check. */
  id: z.string().regex(/^[A-Z]\d{2,3}$/),
  /** The policy's name; of all, where it is left out. */
  policy: z.string().min(1).optional(),
  reason: z.string().trim().min(10),
  expires: z.iso.date(),
});
const suppressionsSchema = z.strictObject({ suppressions: z.array(suppressionSchema) });
export type Suppression = z.infer<typeof suppressionSchema>;

async function readJson<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.infer<Schema>> {
  const refused = (detail: string) =>
    new PosternError({ code: 'invalid_policy', detail: `${file}: ${detail}` });
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refused(error.code ?? 'cannot be read');
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused('is no JSON');
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  throw refused(`${first?.path.join('.') || 'the file'}: ${first?.message}`);
}

/** The findings that there were when the baseline was written. */
export const readBaseline = async (file: string): Promise<ReadonlySet<string>> =>
  new Set((await readJson(file, baselineSchema)).findings);

/** Findings that somebody accepted, each with a reason and a day on which that ends. */
export const readSuppressions = async (file: string): Promise<readonly Suppression[]> =>
  (await readJson(file, suppressionsSchema)).suppressions;

/** All that a report found, to be left out of the next. */
export const baselineOf = ({ policies }: CheckReport): string =>
  `${JSON.stringify({ version: 1, findings: [...new Set(policies.flatMap(({ findings }) => findings).map(fingerprintOf))].sort() }, null, 2)}\n`;

export type Accepted = {
  readonly baseline?: ReadonlySet<string>;
  readonly suppressions?: readonly Suppression[];
  /** The day, as `2026-11-29`, in UTC. */
  readonly today: string;
};

/** The report without what was accepted. A suppression ends with its day: then the finding is there again. */
export function withoutAccepted(
  report: CheckReport,
  { baseline, suppressions = [], today }: Accepted,
): CheckReport {
  const isAccepted = (finding: Finding): boolean =>
    baseline?.has(fingerprintOf(finding)) === true ||
    suppressions.some(
      ({ id, policy, expires }) =>
        id === finding.id && (policy === undefined || policy === finding.policy) && today <= expires,
    );
  const policies = report.policies.map(
    (entry): CheckedPolicy => ({
      ...entry,
      findings: entry.findings.filter((finding) => !isAccepted(finding)),
    }),
  );
  return { ...report, policies };
}

/** Suppressions whose day is over. */
export const expiredOf = (suppressions: readonly Suppression[], today: string): Suppression[] =>
  suppressions.filter(({ expires }) => expires < today);
