import { AwsError } from '../../gateway/wire/aws-error.ts';
import type { Decision, Layer } from '../../policy/evaluate/decision.ts';
import { evaluate } from '../../policy/evaluate/evaluate.ts';
import { accountOfArn } from '../../policy/evaluate/match-principal.ts';
import { callerContext } from './caller-context.ts';
import { readAppliedPolicies, UnreadablePolicy } from './read-applied-policies.ts';
import type { AwsCall, AwsCaller, AwsService } from './types.ts';

export type Authorization = ReturnType<AwsService['authorizations']>[number];

/** One decision of IAM, for tests and for what was used against what was granted. */
export type Observation = Authorization & {
  caller: AwsCaller;
  service: string;
  operation: string;
  allowed: boolean;
  /** What the answer is known by. */
  requestId: string;
};

/** `because` completes AWS's sentence of who is not authorized to perform what. */
type Judgement = { allowed: true } | { allowed: false; because: string };

/**
 * Of a key and a role nothing is allowed that its own policy does not allow or leave to the account.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html
 */
const NEEDS_RESOURCE_POLICY = /^(?:kms|sts):/i;

/** Whether IAM allows it: identity policies, cut by boundary and session policy. Doubt is a denial. */
export function judge(caller: AwsCaller, authorization: Authorization): Judgement {
  try {
    const decision = decide(caller, authorization);
    if (decision.outcome === 'allowed') return { allowed: true };
    return { allowed: false, because: reasonOf(decision, authorization.action) };
  } catch (error) {
    if (!(error instanceof UnreadablePolicy)) throw error;
    return { allowed: false, because: `because it cannot be judged (${error.message})` };
  }
}

function decide(caller: AwsCaller, authorization: Authorization): Decision {
  const { action, resource, resourcePolicy } = authorization;
  const type = action.toLowerCase().startsWith('sts:') ? 'trust' : 'resource';
  const { arn, sessionIssuer } = caller;
  return evaluate(
    {
      principal: { kind: 'aws', arn, ...(sessionIssuer !== undefined && { issuerArn: sessionIssuer }) },
      action,
      resource,
      // Of S3 the ARN names no account, and `*` has none: the sandbox holds one.
      resourceAccountId: accountOfArn(resource) || caller.accountId,
      context: { ...authorization.context, ...callerContext(caller) },
      // The services give the policy of every key and role.
      needsResourcePolicy: resourcePolicy !== undefined && NEEDS_RESOURCE_POLICY.test(action),
    },
    readAppliedPolicies(caller, resourcePolicy && { document: resourcePolicy, type }),
  );
}

/** Whether IAM allows it, without why. */
export const isAllowed = (caller: AwsCaller, authorization: Authorization): boolean =>
  judge(caller, authorization).allowed;

/** In the words of AWS; the one that it names where there are several comes first. */
const NAMES: Partial<Record<Layer, string>> = {
  identity: 'identity-based policy',
  session: 'session policy',
  boundary: 'permissions boundary',
  resource: 'resource-based policy',
};

/** Which policy it was. */
function reasonOf(decision: Exclude<Decision, { outcome: 'allowed' }>, action: string): string {
  const denied = decision.outcome === 'explicitly-denied';
  const layers = denied ? decision.statements.map(({ layer }) => layer) : decision.silent;
  const [, name = 'identity-based policy'] =
    Object.entries(NAMES).find(([layer]) => layers.includes(layer as Layer)) ?? [];
  if (!denied) return `because no ${name} allows the ${action} action`;
  return `with an explicit deny in ${name.startsWith('identity') ? 'an' : 'a'} ${name}`;
}

/** Asks IAM for everything a call needs. Throws AccessDeniedException for the first that is not allowed. */
export function authorize(
  service: AwsService,
  call: AwsCall,
  observe: (observation: Omit<Observation, 'requestId'>) => void,
): void {
  const { caller, operation } = call;
  for (const authorization of service.authorizations(call)) {
    const judgement = judge(caller, authorization);
    observe({ caller, service: service.name, operation, ...authorization, allowed: judgement.allowed });
    if (judgement.allowed) continue;
    throw new AwsError(
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: ${authorization.action} on resource: ${authorization.resource} ${judgement.because}`,
      400,
    );
  }
}
