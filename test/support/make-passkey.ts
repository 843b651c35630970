import { createHash, createSign, generateKeyPairSync, type KeyObject, sign as signOnce } from 'node:crypto';
import type { Assertion } from '../../lambdas/shared/domain/approvals/assertion.ts';
import { challengeOf, type Passkey, type Pressed } from '../../lambdas/shared/domain/approvals/passkey.ts';

const FLAGS = { present: 0x01, verified: 0x04 };
const text = (bytes: Buffer) => bytes.toString('base64url');
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest();
const bytesOf = (part: string | undefined) => Buffer.from(part ?? '', 'base64url');

/** CBOR of the few keys there are: small integers and strings of bytes. */
const cborHead = (major: number, value: number) =>
  Buffer.from(
    value < 24
      ? [(major << 5) | value]
      : value < 256
        ? [(major << 5) | 24, value]
        : [(major << 5) | 25, value >> 8, value & 0xff],
  );
const cborInt = (value: number) => (value < 0 ? cborHead(1, -1 - value) : cborHead(0, value));
const cbor = (fields: readonly (readonly [number, number | Buffer])[]) =>
  Buffer.concat([
    cborHead(5, fields.length),
    ...fields.flatMap(([key, value]) => [
      cborInt(key),
      ...(typeof value === 'number' ? [cborInt(value)] : [cborHead(2, value.length), value]),
    ]),
  ]);

/** COSE keys. @see https://www.rfc-editor.org/rfc/rfc9053 */
const KINDS = {
  es256: () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    const cose = cbor([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytesOf(x)],
      [-3, bytesOf(y)],
    ]);
    return { privateKey, cose };
  },
  ed25519: () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const { x } = publicKey.export({ format: 'jwk' });
    return {
      privateKey,
      cose: cbor([
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, bytesOf(x)],
      ]),
    };
  },
  rs256: () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { n, e } = publicKey.export({ format: 'jwk' });
    return {
      privateKey,
      cose: cbor([
        [1, 3],
        [3, -257],
        [-1, bytesOf(n)],
        [-2, bytesOf(e)],
      ]),
    };
  },
};

const signed = (key: KeyObject, bytes: Buffer): Buffer =>
  key.asymmetricKeyType === 'ed25519'
    ? signOnce(null, bytes, key)
    : createSign('sha256').update(bytes).sign(key);

type Circumstances = {
  /** Where the page was, as the browser says it. */
  readonly origin?: string;
  readonly rpId?: string;
  readonly verified?: boolean;
  readonly counter?: number;
  readonly nonce?: string;
  /** What else the browser signed than what is pressed. */
  readonly challenge?: string;
  readonly type?: string;
};

export type TestPasskey = {
  readonly passkey: Passkey;
  /** Answers as an authenticator does when a vote is pressed. */
  press(pressed: Pressed, circumstances?: Circumstances): Assertion;
};

/** An authenticator with one key, in the sandbox's own console unless told. */
export function makePasskey(label = 'Test key', kind: keyof typeof KINDS = 'es256'): TestPasskey {
  const { privateKey, cose } = KINDS[kind]();
  const id = text(sha256(cose));
  return {
    passkey: { id, publicKey: text(cose), label },
    press(pressed, { verified = true, counter = 0, nonce = 'bm9uY2U', ...where } = {}) {
      const { origin = ORIGIN, rpId = 'localhost', type = 'webauthn.get' } = where;
      const challenge = where.challenge ?? challengeOf(pressed, nonce);
      const clientData = Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
      const tail = Buffer.alloc(5);
      tail.writeUInt8(FLAGS.present | (verified ? FLAGS.verified : 0));
      tail.writeUInt32BE(counter, 1);
      const authenticatorData = Buffer.concat([sha256(rpId), tail]);
      return {
        credentialId: id,
        nonce,
        clientDataJSON: text(clientData),
        authenticatorData: text(authenticatorData),
        signature: text(signed(privateKey, Buffer.concat([authenticatorData, sha256(clientData)]))),
      };
    },
  };
}

/** The origin of the console in tests without a sandbox. */
export const ORIGIN = 'http://localhost:4780';
