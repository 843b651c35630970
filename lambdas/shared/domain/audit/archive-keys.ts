import { createHash } from 'node:crypto';

/** Digits of a number in a key, so that keys list in order. */
const DIGITS = 12;
const padded = (number: number) => String(number).padStart(DIGITS, '0');

/** What the archive keeps: each kind below a prefix of its own, so that no chain's name can stand for another kind. */
export const ARCHIVE_PREFIXES = {
  records: 'records/',
  heads: 'heads/',
  /** What came by the table's stream and is no record of the broker's. */
  unauthentic: 'unauthentic/',
  /** Genuine records whose place in the archive was taken by another one. */
  displaced: 'displaced/',
  /** What calls through the gateway sent and were answered. */
  calls: 'calls/',
} as const;

/** Where a chain's records are archived. */
export const prefixOfChain = (chain: string): string => `${ARCHIVE_PREFIXES.records}${chain}/`;

/** Where an audit record is archived. */
export const keyOfRecord = (chain: string, seq: number): string =>
  `${prefixOfChain(chain)}${padded(seq)}.json`;

/** Where signed heads are archived. */
export const keyOfHeads = (number: number): string => `${ARCHIVE_PREFIXES.heads}${padded(number)}.json`;

/** Where something is kept apart, whatever it says of its own place: by the digest of its text. */
export const keyApart = (kind: 'unauthentic' | 'displaced', text: string): string =>
  `${ARCHIVE_PREFIXES[kind]}${createHash('sha256').update(text).digest('hex')}.json`;

/** The number that a key ends in; undefined where the key is not as `keyOfRecord` and `keyOfHeads` write it. */
export function numberOfKey(key: string): number | undefined {
  const [, digits] = /\/(\d{12,15})\.json$/.exec(key) ?? [];
  const number = Number(digits);
  return digits !== undefined && number >= 1 && padded(number) === digits ? number : undefined;
}
