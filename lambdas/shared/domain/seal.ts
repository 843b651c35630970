import { canonicalJson } from './digest.ts';

/** What the seal of a grant binds together. Altering any of it, or reusing it elsewhere, breaks the MAC. */
export type SealedFields = {
  readonly requestId: string;
  readonly roleArn: string;
  readonly sessionPolicy: string;
  readonly durationSeconds: number;
  readonly principalId: string;
  readonly policyDigest: string;
  readonly expiresAt: string;
};

/** A change's seal binds the exact text that is applied. */
export type SealedChange = {
  readonly requestId: string;
  readonly changeDigest: string;
  readonly policyDigest: string;
  readonly expiresAt: string;
};

/** The bytes the MAC is computed over; the leading word keeps a grant from passing for a change. */
export function sealedBytes(kind: 'grant' | 'change', fields: SealedFields | SealedChange): Uint8Array {
  return new TextEncoder().encode(`postern:${kind}:1:${canonicalJson(fields)}`);
}
