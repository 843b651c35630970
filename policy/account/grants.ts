import { patternsMeet } from '../check/names/may-share.ts';
import { matchAction } from '../evaluate/match-action.ts';
import type { AccountPolicy } from './account.ts';

/** Whether some Allow of these policies means an action, or anything of a service; Deny is not counted. */
export function grants(policies: readonly AccountPolicy[], what: string): boolean {
  const isService = !what.includes(':');
  return policies.some(({ policy }) =>
    policy?.statements.some(({ effect, actions }) => {
      if (effect !== 'Allow') return false;
      if (actions.negated) return !actions.items.some((item) => matchAction(item, `${what}:any`));
      return actions.items.some((item) => {
        const text = item.text.toLowerCase();
        return isService
          ? patternsMeet(text.split(':')[0] ?? '', what.toLowerCase())
          : matchAction(item, what.toLowerCase());
      });
    }),
  );
}
