import type { Pattern } from '../../parse/policy-model.ts';
import { literalParts } from './literal-parts.ts';

/** Whether some text is of both patterns, in each of which `*` is any number of characters and `?` one. */
export function patternsMeet(first: string, other: string): boolean {
  if (!/[*?]/.test(first) && !/[*?]/.test(other)) return first === other;
  // Which places of the other can be reached, a character of the first at a time: texts may be long.
  let places = new Set([0]);
  for (let i = 0; i <= first.length; i += 1) {
    const next = new Set<number>();
    const mine = first[i];
    // A set goes on with what is added to it.
    for (const j of places) {
      const theirs = other[j];
      if (mine === '*') {
        next.add(j);
        if (theirs !== undefined) places.add(j + 1);
      } else if (theirs === '*') {
        places.add(j + 1);
        if (mine !== undefined) next.add(j);
      } else if (mine !== undefined && (mine === '?' || theirs === '?' || mine === theirs)) {
        if (theirs !== undefined) next.add(j + 1);
      }
    }
    if (i === first.length) return places.has(other.length);
    if (next.size === 0) return false;
    places = next;
  }
  return false;
}

/** The kind of resource that a bucket is, as AWS lists it. */
export const BUCKET = 'arn:*:s3:::*';

/** Whether a resource could be of a policy's pattern and of a kind's ARN; a variable may have any value. */
export function mayShare(pattern: Pattern, arn: string): boolean {
  const parts = literalParts(pattern);
  if (!parts) return false;
  // A bucket's name has no slash: what has one is an object.
  if (arn === BUCKET && parts[5]?.includes('/')) return false;
  const pieces = arn.split(':');
  const six = [...pieces.slice(0, 5), pieces.slice(5).join(':')];
  return six.every((piece, nth) => patternsMeet(parts[nth] ?? '', piece));
}
