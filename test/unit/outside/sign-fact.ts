import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { FactSource, FactSources } from '../../../lambdas/shared/domain/outside/fact-sources.ts';

export const NOW = new Date('2026-11-30T12:00:00.000Z');
export const AUDIENCE = 'postern-of-this-test';
export const secondsOf = (date: Date, later = 0): number => Math.floor(date.getTime() / 1000) + later;

/** A key pair, and the public half as facts.json lists it. */
export function makeKey(kid: string) {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = privateKey.export({ format: 'jwk' });
  return { privateKey, listed: { kid, kty: 'OKP' as const, crv: 'Ed25519' as const, x } };
}

export const pagerKey = makeKey('2026-11');
export const ticketsKey = makeKey('2026-11');

export const pager: FactSource = {
  id: 'pager',
  keys: [pagerKey.listed],
  states: [
    { fact: 'onCall', values: ['payments', 'search'], longestSeconds: 43_200 },
    { fact: 'incident', values: ['INC-*'], longestSeconds: 3_600 },
  ],
};
export const tickets: FactSource = {
  id: 'tickets',
  keys: [ticketsKey.listed],
  states: [{ fact: 'openReference', values: ['OPS-*'], longestSeconds: 3_600 }],
};
export const config: FactSources = { version: 1, audience: AUDIENCE, sources: [pager, tickets] };

export const onCall = {
  iss: 'pager',
  aud: AUDIENCE,
  iat: secondsOf(NOW, -10),
  exp: secondsOf(NOW, 3_600),
  fact: 'onCall',
  about: 'person:ana',
  value: 'payments',
};

/** A fact as its source signs it; with whatever is wrong with it. */
export const sign = (
  claims: Record<string, unknown> = onCall,
  { key = pagerKey.privateKey, header = {} }: { key?: KeyObject | Uint8Array; header?: object } = {},
): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', kid: '2026-11', typ: 'fact+jwt', ...header })
    .sign(key);
