import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Where and when a signature is good: what its credential scope says. */
export type Scope = {
  /** As `20261129T134500Z`. */
  readonly timestamp: string;
  readonly region: string;
  readonly service: string;
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Lower-case hexadecimal. */
export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Of no bytes. */
export const EMPTY_SHA256 = sha256('');

/** `20261129T134500Z` of a time. */
export const timestampOf = (time: Date): string => time.toISOString().replace(/[-:]|\.\d{3}/g, '');

/** `20261129/eu-central-1/dynamodb/aws4_request`. */
export const scopeText = ({ timestamp, region, service }: Scope): string =>
  `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request`;

/** Keys that were derived, by scope and secret. A day's are as many as there are sessions and services. */
const derived = new Map<string, Buffer>();
const MOST_DERIVED = 1000;

/** The key that signs on one day, in one region, for one service. */
export function signingKey(secretAccessKey: string, scope: Scope): Buffer {
  const name = `${scopeText(scope)} ${secretAccessKey}`;
  const before = derived.get(name);
  if (before) return before;
  const { timestamp, region, service } = scope;
  const key = hmac(
    hmac(hmac(hmac(`AWS4${secretAccessKey}`, timestamp.slice(0, 8)), region), service),
    'aws4_request',
  );
  if (derived.size >= MOST_DERIVED) derived.clear();
  derived.set(name, key);
  return key;
}

/** The signature over a canonical request. */
export function signatureOf(canonicalRequest: string, key: Buffer, scope: Scope): string {
  const text = ['AWS4-HMAC-SHA256', scope.timestamp, scopeText(scope), sha256(canonicalRequest)].join('\n');
  return hmac(key, text).toString('hex');
}

/** Compares in a time that does not tell where two texts differ. */
export function isEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
