import { numberIn } from '../operation.ts';
import type { AwsCall } from '../types.ts';

/** Keys of a listing: what stands below a prefix, or with a delimiter what these have in common up to it. */
type Listed<Item> = { readonly key: string; readonly items: readonly Item[] };
type Page<Item> = {
  readonly items: readonly Item[];
  readonly commonPrefixes: readonly { readonly Prefix: string }[];
  /** The last key or common prefix on the page, where more follow. */
  readonly last?: string;
};

const MOST_KEYS = 1000;
const textOf = (value: unknown): string => (value === undefined ? '' : String(value));

/** A page of a bucket's keys: at most so many, after a key where one is given. */
export function listPage<Item>(
  call: AwsCall,
  entries: readonly Listed<Item>[],
  after: string,
): Page<Item> & { readonly most: number } {
  const most = numberIn(call, 'MaxKeys', { least: 0, most: 2_147_483_647, otherwise: MOST_KEYS });
  const [prefix, delimiter] = [textOf(call.input.Prefix), textOf(call.input.Delimiter)];
  const items: Item[] = [];
  const common = new Set<string>();
  let last: string | undefined;
  for (const entry of entries) {
    if (!entry.key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : entry.key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? entry.key : entry.key.slice(0, end + delimiter.length);
    if (name <= after || common.has(name)) continue;
    if (items.length + common.size >= Math.min(most, MOST_KEYS))
      return { ...pageOf(), ...(last && { last }) };
    last = name;
    if (end < 0) items.push(...entry.items);
    else common.add(name);
  }
  return pageOf();

  function pageOf() {
    return { most, items, commonPrefixes: [...common].map((Prefix) => ({ Prefix })) };
  }
}

/** What a listing repeats of its call. */
export const repeated = ({ input }: AwsCall) => ({
  Name: String(input.Bucket),
  Prefix: textOf(input.Prefix),
  ...(input.Delimiter !== undefined && { Delimiter: textOf(input.Delimiter) }),
  ...(input.EncodingType !== undefined && { EncodingType: textOf(input.EncodingType) }),
});

/** A key as the answer has it: SDKs that ask for it get it encoded, since XML cannot hold every character. */
export const keyAs = ({ input }: AwsCall, key: string): string =>
  input.EncodingType === 'url' ? encodeURIComponent(key).replaceAll('%2F', '/') : key;
