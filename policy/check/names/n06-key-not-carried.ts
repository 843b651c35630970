import { isListed, waysToList } from '../../data/iam-data.ts';
import type { Check } from '../check.ts';
import { isStar, matchedActions } from '../matched-actions.ts';
import { atCondition } from '../places.ts';

/** Keys of tags that AWS lists with the actions that carry them; other global keys may come with any call. */
const LISTED = /^aws:(?:requesttag\/|tagkeys$|resourcetag\/)/;

export const n06KeyNotCarried: Check = {
  id: 'N06',
  severity: 'medium',
  title: 'a key that none of the actions carries',
  why: 'The condition is about something that is never in the request: the statement then never applies, or always does.',
  remedy: 'Take the key from those of the action, or put the other actions into a statement of their own.',
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements) {
      const { actions, conditions } = statement;
      if (actions.negated || actions.items.some(isStar) || conditions.length === 0) continue;
      const matched = actions.items.flatMap((pattern) => matchedActions(data, pattern));
      if (matched.length === 0) continue;
      for (const [nth, { key }] of conditions.entries()) {
        const isGlobal = waysToList(key).some((way) => Object.hasOwn(data.globalKeys, way));
        const [prefix = ''] = key.split(':');
        // An identity provider's keys are named by its host; they are in the requests that its tokens make.
        if (prefix.includes('.') || prefix === 'saml') continue;
        if (isGlobal && !LISTED.test(key)) continue;
        if (prefix === 'aws' && !isGlobal) continue;
        if (matched.some(({ keys }) => isListed(keys, key))) continue;
        yield {
          ...atCondition(statement, nth),
          detail:
            matched.length === 1
              ? `${matched[0]?.name} does not carry ${key}.`
              : `None of the statement's ${matched.length} actions carries ${key}.`,
        };
      }
    }
  },
};
