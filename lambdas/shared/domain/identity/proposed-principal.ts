import type { Change } from '../access-request.ts';
import { type Principal, principalSchema } from '../principal.ts';
import { CALLABLE_ARN, problemOfArn } from './problem-of-arn.ts';

/** As it is registered: what nobody could call as is refused, before people are asked. */
const callableArns = principalSchema.shape.awsPrincipals.superRefine((arns, { addIssue }) => {
  for (const [index, arn] of arns.entries()) {
    const message = problemOfArn(arn);
    if (message) addIssue({ code: 'custom', path: [index], message });
  }
});
export const newPrincipalSchema = principalSchema.extend({
  awsPrincipals: callableArns.meta({ items: { type: 'string', pattern: CALLABLE_ARN.source } }),
});

/** The principal that a proposal would write, or undefined where its text is none. */
export function proposedPrincipal(change: Pick<Change, 'kind' | 'proposal'>): Principal | undefined {
  if (change.kind !== 'principal') return undefined;
  try {
    return principalSchema.safeParse(JSON.parse(change.proposal)).data;
  } catch {
    return undefined;
  }
}
