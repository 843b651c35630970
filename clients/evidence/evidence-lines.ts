import { createHash } from 'node:crypto';
import * as z from 'zod';
import { auditRecordSchema } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { signedHeadsSchema } from '../../lambdas/shared/domain/audit/signed-heads.ts';
import { canonicalJson } from '../../lambdas/shared/domain/digest.ts';

/** What was asked for, and the public half of the key that signed the log's heads. */
export const headerSchema = z.strictObject({
  type: z.literal('evidence'),
  format: z.literal(1),
  from: z.iso.datetime(),
  /** Not in the period itself. */
  to: z.iso.datetime(),
  /** Whoever knows it draws the same samples. */
  seed: z.string().min(1).max(200),
  sampleSize: z.number().int().min(1).max(1000),
  madeAt: z.iso.datetime(),
  /** SubjectPublicKeyInfo, DER, base64. */
  key: z.string().max(4096),
});
export type Header = z.infer<typeof headerSchema>;

const comparedSchema = z.strictObject({
  calls: z.number().int(),
  sessions: z.number().int(),
  /** Sessions that made calls and that the log does not know, by name. Those of the first hour may have been issued before. */
  unknown: z.array(
    z.strictObject({ sessionName: z.string(), principalId: z.string(), firstHour: z.boolean() }),
  ),
});

/** What was found where the evidence was made, and cannot be found again from what is in it. */
export const observedSchema = z.strictObject({
  type: z.literal('observed'),
  /** Numbers of signed heads that the archive lacks between the two that bound the period. */
  missingHeads: z.array(z.number().int()),
  /** CloudTrail's calls held against the log's sessions; null where no files were named. */
  cloudTrail: comparedSchema.nullable(),
});
export type Observed = z.infer<typeof observedSchema>;

const headsLineSchema = z.strictObject({ type: z.literal('heads'), signed: signedHeadsSchema });
const recordLineSchema = z.strictObject({ type: z.literal('record'), record: auditRecordSchema.strict() });
const summaryLineSchema = z.strictObject({ type: z.literal('summary'), summary: z.unknown() });

export const lineSchema = z.discriminatedUnion('type', [
  headerSchema,
  headsLineSchema,
  recordLineSchema,
  observedSchema,
  summaryLineSchema,
]);
export type Line = z.infer<typeof lineSchema>;

const NEW_LINE = 0x0a;
const digestLine = (digest: string): string => `${canonicalJson({ type: 'digest', sha256: digest })}\n`;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The file: a line each, and the digest of all that stands before the last. */
export function writeLines(lines: readonly Line[]): { bytes: Buffer; digest: string } {
  const content = Buffer.from(lines.map((line) => `${canonicalJson(line)}\n`).join(''));
  const digest = sha256(content);
  return { bytes: Buffer.concat([content, Buffer.from(digestLine(digest))]), digest };
}

/** What is wrong with a file before any of it is believed. */
export class EvidenceAltered extends Error {
  override readonly name = 'EvidenceAltered';
}

/** The lines of a file whose bytes are those that were written. Throws EvidenceAltered. */
export function readLines(bytes: Buffer): { lines: Line[]; digest: string } {
  const end = bytes.subarray(0, -1).lastIndexOf(NEW_LINE) + 1;
  const content = bytes.subarray(0, end);
  const digest = sha256(content);
  if (end === 0 || bytes.subarray(end).toString() !== digestLine(digest))
    throw new EvidenceAltered('its bytes are not those that its digest is over: it was changed, or cut');
  const lines = content
    .toString()
    .trimEnd()
    .split('\n')
    .map((text, index) => {
      try {
        return lineSchema.parse(JSON.parse(text));
      } catch {
        throw new EvidenceAltered(`line ${index + 1} is nothing that evidence has`);
      }
    });
  return { lines, digest };
}
