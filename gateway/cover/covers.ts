import { remember } from '../../lambdas/shared/domain/remember.ts';
import { evaluate } from '../../policy/evaluate/evaluate.ts';
import { parsePolicy } from '../../policy/parse/parse-policy.ts';
import type { NamedCall, Need, Resource } from '../identify/named-call.ts';

/** A session that the gateway holds, as far as it matters what it may do. */
export type HeldPolicy = {
  readonly sessionPolicy: string;
  readonly accountId: string;
  readonly assumedRoleArn: string;
  readonly subjectId?: string | undefined;
};

/** No statement but one on `*` matches it: what is not known is covered by nothing less. */
const NOT_KNOWN = 'postern:resource-that-the-call-does-not-say';

const arnOf = (resource: Resource): string =>
  resource.kind === 'known' ? resource.arn : resource.kind === 'none' ? '*' : NOT_KNOWN;

const read = remember(
  500,
  (text: string) => text,
  (text: string) => parsePolicy(text, 'session'),
);

/**
 * What is not read from the call is taken as it would have to be for the session to help: AWS itself judges the call
 * by what it really is, so nothing is allowed by it, and nobody is asked for what a session has already.
 */
function contextOf(
  { subjectId }: HeldPolicy,
  { parameters, service }: NamedCall,
): Record<string, string | string[]> {
  const { Prefix } = parameters;
  return {
    ...(subjectId !== undefined && service.signing === 'dynamodb' && { 'dynamodb:LeadingKeys': [subjectId] }),
    ...(typeof Prefix === 'string' && service.signing === 's3' && { 's3:prefix': Prefix }),
  };
}

const accountOf = (arn: string): string | undefined => arn.split(':')[4];

/** Whether the session's policy allows every need of the call. A policy that cannot be read covers nothing. */
export function covers(held: HeldPolicy, needs: readonly Need[], call: NamedCall): boolean {
  const policy = read(held.sessionPolicy);
  // A name in a call means what it means in the session's account: one of another account answers another call.
  if (!policy.ok || accountOf(held.assumedRoleArn) !== held.accountId) return false;
  const context = contextOf(held, call);
  return needs.every(({ action, resource }) => {
    const decision = evaluate(
      {
        principal: { kind: 'aws', arn: held.assumedRoleArn },
        action,
        resource: arnOf(resource),
        resourceAccountId: held.accountId,
        context,
      },
      { identity: [policy.policy] },
    );
    return decision.outcome === 'allowed';
  });
}
