import { compactVerify, decodeJwt, decodeProtectedHeader, errors, importJWK } from 'jose';
import type { FactSources, SourceKey } from '../../domain/outside/fact-sources.ts';
import { type FactRefusal, type JudgedFact, judgeFact } from '../../domain/outside/judge-fact.ts';

/** Characters of a fact. */
export const MAX_FACT_LENGTH = 4_096;
const TYPE = 'fact+jwt';
/** The one algorithm of each kind of key: the fact does not choose. */
const ALGORITHM: Readonly<Record<SourceKey['kty'], readonly string[]>> = {
  OKP: ['EdDSA', 'Ed25519'],
  EC: ['ES256'],
};

/** What a fact says of itself before it is verified: whose it would be. */
function peekAt(token: string): { iss: string; kid: string; alg: string } | undefined {
  if (token.length > MAX_FACT_LENGTH) return undefined;
  try {
    const { typ, kid, alg } = decodeProtectedHeader(token);
    const { iss } = decodeJwt(token);
    if (typ?.toLowerCase() !== TYPE || kid === undefined || alg === undefined || iss === undefined)
      return undefined;
    return { iss, kid, alg };
  } catch {
    return undefined;
  }
}

/**
 * Verifies a fact by the keys that its source has now, and judges what it says. The same where it comes in and where it is
 * read again: a table is believed as little as a sender.
 */
export async function verifyFact(
  token: string,
  { sources, audience }: FactSources,
  now: Date,
): Promise<JudgedFact | FactRefusal> {
  const peeked = peekAt(token);
  if (!peeked) return 'not_a_fact';
  const source = sources.find(({ id }) => id === peeked.iss);
  if (!source) return 'source_unknown';
  const key = source.keys.find(({ kid }) => kid === peeked.kid);
  if (!key) return 'key_unknown';
  const algorithms = [...ALGORITHM[key.kty]];
  if (!algorithms.includes(peeked.alg)) return 'signature_wrong';
  let payload: unknown;
  try {
    const verified = await compactVerify(token, await importJWK({ ...key, alg: peeked.alg }), { algorithms });
    payload = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(verified.payload));
  } catch (error) {
    return error instanceof errors.JOSEError ? 'signature_wrong' : 'not_a_fact';
  }
  return judgeFact(payload, { source, kid: key.kid, audience }, now);
}
