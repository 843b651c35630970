import type { Pattern } from '../../parse/policy-model.ts';
import { literalParts } from './literal-parts.ts';

/** Whether some text is of both patterns, in each of which `*` is any number of characters and `?` one. */
export function patternsMeet(first: string, other: string): boolean {
  const seen = new Set<number>();
  const meet = (i: number, j: number): boolean => {
    if (i === first.length && j === other.length) return true;
    const place = i * (other.length + 1) + j;
    if (seen.has(place)) return false;
    seen.add(place);
    const [mine, theirs] = [first[i], other[j]];
    if (mine === '*') return meet(i + 1, j) || (j < other.length && meet(i, j + 1));
    if (theirs === '*') return meet(i, j + 1) || (i < first.length && meet(i + 1, j));
    if (mine === undefined || theirs === undefined) return false;
    return (mine === '?' || theirs === '?' || mine === theirs) && meet(i + 1, j + 1);
  };
  return meet(0, 0);
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
