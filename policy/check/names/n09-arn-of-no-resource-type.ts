import type { ActionFacts } from '../../data/iam-data.ts';
import type { Pattern } from '../../parse/policy-model.ts';
import type { Check } from '../check.ts';
import { isStar, matchedActions } from '../matched-actions.ts';
import { atElement } from '../places.ts';
import { mayShare } from './may-share.ts';

/** Whether some resource of the action's kinds could be what the pattern means. */
const takes = ({ resources }: ActionFacts, pattern: Pattern): boolean =>
  resources.some(({ arn }) => mayShare(pattern, arn));

export const n09ArnOfNoResourceType: Check = {
  id: 'N09',
  severity: 'medium',
  title: 'an ARN of no kind of resource that the actions take',
  why: 'For these actions the ARN matches nothing: what was meant is neither allowed nor denied.',
  remedy: "Take the form of the ARN from the actions' resource types.",
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements) {
      const { actions, resources } = statement;
      if (!resources || actions.negated || actions.items.some(isStar)) continue;
      const matched = actions.items.flatMap((pattern) => matchedActions(data, pattern));
      const about = matched.filter((action) => action.resources.length > 0);
      if (about.length === 0) continue;
      for (const [nth, pattern] of resources.items.entries()) {
        if (isStar(pattern) || about.some((action) => takes(action, pattern))) continue;
        yield {
          ...atElement(statement, 'resources', nth),
          detail: `${pattern.text} is no resource of ${about.length === 1 ? about[0]?.name : `any of the ${about.length} actions`}.`,
        };
      }
    }
  },
};
