import type { Check } from '../check.ts';
import { hasWildcard, isStar, matchedActions } from '../matched-actions.ts';
import { atElement } from '../places.ts';

const isEveryBucket = ({ text }: { readonly text: string }): boolean => /^arn:aws[a-z-]*:s3:::\*$/.test(text);

export const n10TakesOnlyStar: Check = {
  id: 'N10',
  severity: 'medium',
  title: 'an action that takes only *, on ARNs',
  why: 'A call of it is about no resource, so a statement that names some never applies to it.',
  remedy: 'Put it into a statement of its own with "Resource": "*".',
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements) {
      const { actions, resources } = statement;
      if (actions.negated || !resources || resources.negated || resources.items.some(isStar)) continue;
      for (const [nth, pattern] of actions.items.entries()) {
        // A wildcard means what takes the resource, and cannot help the rest.
        if (hasWildcard(pattern)) continue;
        const [action] = matchedActions(data, pattern);
        // AWS's own examples list buckets so.
        if (action?.name === 's3:ListAllMyBuckets' && resources.items.some(isEveryBucket)) continue;
        if (action && action.resources.length === 0)
          yield {
            ...atElement(statement, 'actions', nth),
            detail: `${action.name} takes no resource but *.`,
          };
      }
    }
  },
};
