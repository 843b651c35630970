import { waysToList } from '../../data/iam-data.ts';
import type { Check } from '../check.ts';
import { atCondition } from '../places.ts';
import { nearestName } from './nearest-name.ts';

export const n05UnknownGlobalKey: Check = {
  id: 'N05',
  severity: 'high',
  title: 'a global key that AWS does not have',
  why: 'No request carries it: a condition for it never holds, and one that is negated or ends in IfExists always does.',
  remedy: 'Take the key from the list of global condition keys.',
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements)
      for (const [nth, { key }] of statement.conditions.entries()) {
        if (!key.startsWith('aws:') || waysToList(key).some((way) => Object.hasOwn(data.globalKeys, way)))
          continue;
        const near = nearestName(key, Object.keys(data.globalKeys));
        const hint = near === undefined ? '' : ` Is ${near} meant?`;
        yield { ...atCondition(statement, nth), detail: `AWS has no global key ${key}.${hint}` };
      }
  },
};
