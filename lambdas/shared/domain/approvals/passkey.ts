import { createHash } from 'node:crypto';
import * as z from 'zod';
import { asJson, canonicalJson } from '../digest.ts';

/** Passkeys that one person has at most: a phone, a laptop, a key in a drawer. */
export const MOST_PASSKEYS = 5;

/** A credential's id is at most 1,023 bytes. @see https://www.w3.org/TR/webauthn-3/#credential-id */
export const credentialIdSchema = z
  .base64url()
  .min(16)
  .max(1364)
  .regex(/^[A-Za-z0-9_-]+$/, 'base64url without padding');

/** No markup, no second line, nothing that turns the text around. */
const PLAIN = /^[\p{L}\p{N} .,'’()_-]+$/u;

/** A passkey of a principal: its public half, which proves a vote. No part of it is secret. */
export const passkeySchema = z.strictObject({
  id: credentialIdSchema.describe('The credential’s id, as the authenticator made it.'),
  publicKey: z
    .base64url()
    .min(40)
    .max(1024)
    .regex(/^[A-Za-z0-9_-]+$/, 'base64url without padding')
    .describe('Its public key: the bytes of a COSE key.'),
  label: z
    .string()
    .min(1)
    .max(60)
    .refine((label) => PLAIN.test(label), "letters, digits, blanks and . , ' ( ) _ - only")
    .describe('What its owner calls it.'),
});
export type Passkey = z.infer<typeof passkeySchema>;

/** Everything that a press decides. */
export type Pressed = {
  readonly requestId: string;
  readonly proposalDigest: string;
  readonly decision: 'approve' | 'deny';
  /** What is left of it, where less is approved. Its window too. */
  readonly narrowing?:
    | { readonly [term: string]: unknown; readonly windowSeconds?: number | undefined }
    | undefined;
  readonly tier: string;
  /** The voter's id. */
  readonly principalId: string;
};

/**
 * What an authenticator signs: SHA-256, as base64url, over the canonical JSON (RFC 8785) of all that is decided and a nonce
 * that serves once. INVARIANT: what a vote lets through is in it, so that no other vote can be made of the same press.
 */
export function challengeOf(pressed: Pressed, nonce: string): string {
  const { requestId, proposalDigest, decision, narrowing = {}, tier, principalId } = pressed;
  const { windowSeconds, ...terms } = narrowing;
  const left = asJson(terms);
  const text = canonicalJson({
    purpose: 'postern-vote',
    nonce,
    requestId,
    proposalDigest,
    decision,
    narrowing: Object.keys(left).length > 0 ? left : null,
    windowSeconds: windowSeconds ?? null,
    tier,
    voter: principalId,
  });
  return createHash('sha256').update(text).digest('base64url');
}

/** What a change makes of somebody's passkeys. */
export type PasskeysChanged = { readonly enrolled: readonly Passkey[]; readonly revoked: readonly Passkey[] };

/** The passkeys that one list has and the other lacks. One whose key or label differs is another. */
export function passkeysChanged(
  before: readonly Passkey[] = [],
  after: readonly Passkey[] = [],
): PasskeysChanged {
  const without = (some: readonly Passkey[], others: readonly Passkey[]) =>
    some.filter((key) => !others.some((other) => canonicalJson(other) === canonicalJson(key)));
  return { enrolled: without(after, before), revoked: without(before, after) };
}
