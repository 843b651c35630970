/** Digits of a number in a key, so that keys list in order. */
const DIGITS = 12;
const padded = (number: number | string) => String(number).padStart(DIGITS, '0');

/** Where an audit record is archived. */
export const keyOfRecord = (chain: string, seq: number | string): string => `${chain}/${padded(seq)}.json`;

/** Where signed heads are archived. */
export const keyOfHeads = (number: number): string => `heads/${padded(number)}.json`;
