import { createHmac, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from 'node:crypto';
import type { Gateway } from '../../lambdas/shared/domain/identity/delegation.ts';

/** A gateway's keys, all of one seed: whatever replica has the seed takes what another gave. */
export type GatewayKeys = {
  /** What sessions are sealed to; its private half opens them. */
  readonly publicKey: Gateway['publicKey'];
  readonly privateKey: {
    readonly kty: 'OKP';
    readonly crv: 'X25519';
    readonly x: string;
    readonly d: string;
  };
  /** Verifies the records of calls. */
  readonly recordKey: Gateway['recordKey'];
  /** Signs a record's hash: base64url. */
  readonly signRecord: (hash: string) => string;
  /** Encrypts session tokens. */
  readonly tokenKey: Buffer;
  /** Over all that a held call sends: base64url. Nobody without it can try out what a hidden parameter was. */
  readonly callMac: (text: string) => string;
  /** Makes the placeholder keys. */
  readonly placeholderMac: (text: string) => Buffer;
};

/** What stands before the 32 bytes of a private key in PKCS 8. @see https://www.rfc-editor.org/rfc/rfc8410 */
const PKCS8 = {
  X25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
  Ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
};

const derive = (seed: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', seed, Buffer.alloc(0), `postern:gateway:1:${purpose}`, 32));

const privateKeyOf = (curve: keyof typeof PKCS8, bytes: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8[curve], bytes]), format: 'der', type: 'pkcs8' });

const pointOf = (key: KeyObject): string => createPublicKey(key).export({ format: 'jwk' }).x ?? '';

/** The keys of a seed of 32 random bytes, which is the gateway's one secret. */
export function deriveKeys(seed: Buffer): GatewayKeys {
  if (seed.length !== 32) throw new Error('a gateway’s seed has 32 bytes');
  const sealed = derive(seed, 'sealed-sessions');
  const x = pointOf(privateKeyOf('X25519', sealed));
  const record = privateKeyOf('Ed25519', derive(seed, 'records'));
  const macKey = derive(seed, 'placeholder-keys');
  const callKey = derive(seed, 'held-calls');
  return {
    publicKey: { kty: 'OKP', crv: 'X25519', x },
    privateKey: { kty: 'OKP', crv: 'X25519', x, d: sealed.toString('base64url') },
    recordKey: { kty: 'OKP', crv: 'Ed25519', x: pointOf(record) },
    signRecord: (hash) => sign(null, Buffer.from(hash), record).toString('base64url'),
    tokenKey: derive(seed, 'session-tokens'),
    callMac: (text) => createHmac('sha256', callKey).update(text).digest('base64url'),
    placeholderMac: (text) => createHmac('sha256', macKey).update(text).digest(),
  };
}
