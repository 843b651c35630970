import { createHash } from 'node:crypto';
import { headsVerifier } from '../../lambdas/shared/adapters/audit/heads-key.ts';
import type { AuditRecord } from '../../lambdas/shared/domain/audit/audit-record.ts';
import type { SignedHeads } from '../../lambdas/shared/domain/audit/signed-heads.ts';
import { canonicalJson } from '../../lambdas/shared/domain/digest.ts';
import { checkMaterial } from './check-material.ts';
import { EvidenceAltered, type Header, type Line, type Observed, readLines } from './evidence-lines.ts';
import { type Material, type Summary, summarize } from './summarize.ts';

/** Evidence that was found to be what it says. */
export type Verified = {
  readonly header: Header;
  readonly observed: Observed;
  readonly material: Material;
  readonly summary: Summary;
  /** SHA-256 of the file but its last line: to be compared with the one that was told when it was made. */
  readonly digest: string;
  /** SHA-256 of the key: to be compared with the one that the deployment tells. */
  readonly keyFingerprint: string;
};

/** `sha256:<hex>` of a public key. */
export const fingerprintOf = (publicKey: string): string =>
  `sha256:${createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex')}`;

const ofType = <Type extends Line['type']>(lines: readonly Line[], type: Type) =>
  lines.filter((line): line is Extract<Line, { type: Type }> => line.type === type);

function onlyOne<Item>(items: readonly Item[], what: string): Item {
  const [item, ...more] = items;
  if (item === undefined || more.length > 0)
    throw new EvidenceAltered(`it has ${items.length} of ${what}, not one`);
  return item;
}

function materialOf(signed: readonly SignedHeads[], records: readonly AuditRecord[]): Material {
  const [first, last, ...more] = signed;
  if (!first || more.length > 0) throw new EvidenceAltered(`it has ${signed.length} signed heads`);
  return last ? { start: first, end: last, records } : { start: undefined, end: first, records };
}

/**
 * Verifies a file with nothing but itself: its bytes, the signatures, every chain from the heads before the period to those
 * after it, and all that is derived of them, made again. Throws EvidenceAltered, which says what is wrong.
 */
export async function verifyEvidence(bytes: Buffer): Promise<Verified> {
  const { lines, digest } = readLines(bytes);
  const header = onlyOne(ofType(lines, 'evidence'), 'what it is of');
  const observed = onlyOne(ofType(lines, 'observed'), 'what was observed');
  const { summary } = onlyOne(ofType(lines, 'summary'), 'what it comes to');
  const material = materialOf(
    ofType(lines, 'heads').map(({ signed }) => signed),
    ofType(lines, 'record').map(({ record }) => record),
  );
  if (material.start && material.start.heads.at > header.from)
    throw new EvidenceAltered('the heads that begin it were signed after its period began');
  const problems = await checkMaterial(material, verifierOf(header));
  if (problems.length > 0) throw new EvidenceAltered(problems.join('; '));
  const derived = summarize(material, header);
  if (canonicalJson(summary) !== canonicalJson(derived))
    throw new EvidenceAltered('what it says of the period is not what its records say');
  return { header, observed, material, summary: derived, digest, keyFingerprint: fingerprintOf(header.key) };
}

function verifierOf({ key }: Header) {
  try {
    return headsVerifier(key);
  } catch {
    throw new EvidenceAltered('its key is none');
  }
}
