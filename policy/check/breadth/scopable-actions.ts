import type { ActionFacts, IamData } from '../../data/iam-data.ts';
import type { Statement } from '../../parse/policy-model.ts';
import { isStar, matchedActions } from '../matched-actions.ts';
import { hasStarResource } from './openness.ts';

/**
 * The actions that a statement allows on every resource though they take ARNs. None where it allows whole services or
 * everything: that has findings of its own.
 */
export function scopableActions(data: IamData, statement: Statement): readonly ActionFacts[] {
  const { effect, actions, conditions } = statement;
  if (effect !== 'Allow' || actions.negated || !hasStarResource(statement)) return [];
  // A condition on the resource's tags scopes as an ARN does.
  if (conditions.some(({ key }) => /(?:^|:)resourcetag\//.test(key))) return [];
  const seen = new Set<ActionFacts>();
  for (const pattern of actions.items) {
    if (isStar(pattern) || /:\*+$/.test(pattern.text)) continue;
    for (const action of matchedActions(data, pattern)) if (action.resources.length > 0) seen.add(action);
  }
  return [...seen];
}
