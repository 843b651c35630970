import { type IamData, waysToList } from '../../data/iam-data.ts';
import { type KeyType, listedKey } from '../../data/service-data.ts';

/** What is known of a condition key: the type of its values, and whether it may have several. */
export type KeyFacts = { readonly type?: KeyType; readonly ofSeveral: boolean };

/** Undefined where AWS does not say. */
export function keyFacts(data: IamData, key: string): KeyFacts | undefined {
  const ways = waysToList(key);
  const way = ways.find((listed) => Object.hasOwn(data.globalKeys, listed));
  const global = way === undefined ? undefined : data.globalKeys[way];
  if (global) return { type: global[0], ofSeveral: global[1] === 1 };
  const service = data.serviceOf(key.split(':')[0] ?? '');
  const place = service?.keys.findIndex((listed) => ways.includes(listedKey(listed))) ?? -1;
  if (!service || place < 0) return undefined;
  const type = service.types[place];
  return {
    ...(type !== undefined && type !== '-' && { type: type as KeyType }),
    ofSeveral: service.ofSeveral.includes(place),
  };
}

/** Keys that stand in every request. */
export const ALWAYS_THERE: ReadonlySet<string> = new Set([
  'aws:currenttime',
  'aws:epochtime',
  'aws:securetransport',
  'aws:requestedregion',
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:userid',
  'aws:viaawsservice',
  'aws:principalisawsservice',
]);
