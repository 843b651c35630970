import type { IamData } from '../../data/iam-data.ts';
import type { Statement } from '../../parse/policy-model.ts';
import { satisfiable } from '../../questions/satisfiable.ts';
import type { Check } from '../check.ts';
import { isStar, matchedActions } from '../matched-actions.ts';
import { mayShare } from '../names/may-share.ts';
import { atStatement } from '../places.ts';

/** More actions than these are never all wrong at once, and take long to look through. */
const MOST_ACTIONS = 40;

export const s02DeniesNothing: Check = {
  id: 'S02',
  severity: 'high',
  title: 'a Deny that denies nothing',
  why: 'No call that AWS has meets it: the actions do not exist, take other resources, or do not carry the keys. What it was to stop goes on.',
  remedy: 'Write the resources and keys that these actions take.',
  types: ['identity', 'boundary', 'session', 'scp'],
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements) {
      const { effect, actions, resources } = statement;
      if (effect !== 'Deny' || actions.negated || actions.items.length > MOST_ACTIONS) continue;
      if (resources?.negated) continue;
      if (meetsNoResource(statement, data)) {
        yield { ...atStatement(statement), detail: 'None of its actions takes any of its resources.' };
        continue;
      }
      const allowed = {
        ...policy,
        type: 'identity' as const,
        statements: [{ ...statement, effect: 'Allow' as const }],
      };
      const answer = satisfiable([[allowed]], data.known);
      if (answer.verdict === 'within')
        yield { ...atStatement(statement), detail: 'No request meets this Deny.' };
      else if (answer.verdict === 'wider' && !answer.isKnown)
        yield {
          ...atStatement(statement),
          detail: 'No call that AWS has meets this Deny.',
          request: answer.request,
        };
    }
  },
};

/** Whether no action of a statement takes any resource of it; false where an action is not known. */
function meetsNoResource({ actions, resources }: Statement, data: IamData): boolean {
  if (!resources || resources.items.some(isStar)) return false;
  const matched = actions.items.map((pattern) => matchedActions(data, pattern));
  if (matched.some((found) => found.length === 0)) return false;
  return matched.every((found) =>
    found.every(({ resources: kinds }) =>
      kinds.every(({ arn }) => !resources.items.some((pattern) => mayShare(pattern, arn))),
    ),
  );
}
