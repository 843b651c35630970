import { PASSES_ROLE_TO } from '../data/dependent-actions.ts';
import { FORWARD_ACCESS } from '../data/forward-access.ts';
import { actionFacts, type IamData } from '../data/iam-data.ts';
import type { Generated } from './generate.ts';

const LEVELS = {
  L: 'lists',
  R: 'reads',
  W: 'writes',
  T: 'changes tags',
  P: 'decides on who may do what',
} as const;

/** What is known of an action, in a sentence or two. */
function ofAction(action: string, data: IamData): string {
  const facts = actionFacts(data, action);
  if (!facts) return `${action} is no action of AWS.`;
  const on =
    facts.resources.length === 0
      ? 'takes no resource, so that it can only be allowed on *'
      : `is allowed on ${facts.resources.map(({ arn }) => arn).join(', ')}`;
  const keys = FORWARD_ACCESS[facts.name];
  const takers = PASSES_ROLE_TO.get(facts.name);
  return [
    `${facts.name} ${LEVELS[facts.level]}, and ${on}.`,
    ...(keys
      ? [`With a KMS key of your own its service also calls ${keys.join(' and ')} for the caller.`]
      : []),
    ...(takers ? [`With a role it also needs iam:PassRole to ${takers.join(' or ')}.`] : []),
  ].join(' ');
}

/**
 * Why a policy that was generated allows something: the reasons of each statement that has one of the actions; of what
 * it does not allow, that no words asked for it. Without actions, the reasons of all statements.
 */
export function answerWhy(
  about: readonly string[],
  generated: Generated | undefined,
  data: IamData,
): string[] {
  if (about.length === 0)
    return generated
      ? [
          ...generated.statements.map(({ statement, because }) => `${statement.Sid}: ${because.join('; ')}.`),
          ...(generated.trust ? [`trust: ${generated.trust.because.join('; ')}.`] : []),
        ]
      : ['Name the actions that it is about, or the policy (--refine), and ask again.'];
  return about.flatMap((action) => {
    const known = ofAction(action, data);
    if (!generated) return [known];
    const having = generated.statements.filter(({ statement }) =>
      statement.Action.some((allowed) => allowed.toLowerCase() === action.toLowerCase()),
    );
    if (having.length === 0)
      return [`${action} is not allowed: nothing that was asked for needs it. ${known}`];
    return having.map(
      ({ statement, because }) =>
        `${action} is allowed on ${statement.Resource.join(', ')}, because ${because.join('; ')}. ${known}`,
    );
  });
}
