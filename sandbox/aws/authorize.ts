import { type RequestAnalysis, runSimulation } from '@cloud-copilot/iam-simulate';
import { AwsError } from '../../gateway/wire/aws-error.ts';
import { remember } from '../../lambdas/shared/domain/remember.ts';
import { callerContext } from './caller-context.ts';
import { judgedDocument, judgedName } from './judged-as.ts';
import type { AwsCall, AwsCaller, AwsService, PolicyDocument } from './types.ts';

export type Authorization = ReturnType<AwsService['authorizations']>[number];

/** One decision of IAM, for tests and for what was used against what was granted. */
export type Observation = Authorization & {
  caller: AwsCaller;
  service: string;
  operation: string;
  allowed: boolean;
};

/** `because` completes AWS's sentence of who is not authorized to perform what. */
type Judgement = { allowed: true } | { allowed: false; because: string };

type Question = { caller: AwsCaller; asked: Authorization; context: Record<string, string | string[]> };

/**
 * Everything that a judgement can depend on: of the context only the keys that some policy names, so that a call
 * like one before it needs no judging.
 */
function judgedBy({ caller, asked, context }: Question): string {
  const { identityPolicies, sessionPolicy, boundary, arn, accountId } = caller;
  const policies = JSON.stringify([identityPolicies, sessionPolicy, boundary, asked.resourcePolicy]);
  const text = policies.toLowerCase();
  const named = Object.entries(context).filter(([key]) => text.includes(key.toLowerCase()));
  return JSON.stringify([policies, arn, accountId, asked.action, asked.resource, named]);
}

async function simulate({ caller, asked, context }: Question): Promise<Judgement> {
  const said = (document: PolicyDocument) => judgedDocument(document, asked.action);
  const result = await runSimulation(
    {
      request: {
        principal: caller.arn,
        action: judgedName(asked.action),
        resource: { resource: asked.resource, accountId: caller.accountId },
        contextVariables: context,
      },
      identityPolicies: caller.identityPolicies.map((document, index) => ({
        name: `policy${index}`,
        policy: said(document),
      })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(asked.resourcePolicy && { resourcePolicy: asked.resourcePolicy }),
      ...(caller.sessionPolicy && { sessionPolicy: said(caller.sessionPolicy) }),
      ...(caller.boundary && {
        permissionBoundaryPolicies: [{ name: 'boundary', policy: said(caller.boundary) }],
      }),
    },
    {},
  );
  if (result.resultType === 'error') {
    return { allowed: false, because: `because it cannot be judged (${result.errors.message})` };
  }
  if (result.overallResult === 'Allowed') return { allowed: true };
  const because =
    result.resultType === 'single'
      ? reasonIn(result.result.analysis, asked.action)
      : `because no policy allows the ${asked.action} action on all of it`;
  return { allowed: false, because };
}

const judgeOnce = remember(5_000, judgedBy, simulate);

/** Whether IAM allows it: identity policies, cut by boundary and session policy. Doubt is a denial. */
export const judge = (caller: AwsCaller, asked: Authorization): Promise<Judgement> =>
  judgeOnce({ caller, asked, context: { ...asked.context, ...callerContext(caller) } });

/** Whether IAM allows it, without why. */
export const isAllowed = async (caller: AwsCaller, asked: Authorization): Promise<boolean> =>
  (await judge(caller, asked)).allowed;

/** Which policy it was, in the words of AWS. */
function reasonIn(analysis: RequestAnalysis, action: string): string {
  const parts = [
    ['an identity-based policy', analysis.identityAnalysis],
    ['a session policy', analysis.sessionAnalysis],
    ['a permissions boundary', analysis.permissionBoundaryAnalysis],
    ['a resource-based policy', analysis.resourceAnalysis],
  ] as const;
  const denying = parts.find(([, part]) => part?.result === 'ExplicitlyDenied');
  if (denying) return `with an explicit deny in ${denying[0]}`;
  const silent = parts.find(([, part]) => part?.result === 'ImplicitlyDenied');
  const kind = silent?.[0].replace(/^an? /, '') ?? 'identity-based policy';
  return `because no ${kind} allows the ${action} action`;
}

/** Asks IAM for everything a call needs. Throws AccessDeniedException for the first that is not allowed. */
export async function authorize(
  service: AwsService,
  call: AwsCall,
  observe: (observation: Observation) => void,
): Promise<void> {
  const { caller, operation } = call;
  for (const asked of service.authorizations(call)) {
    const judgement = await judge(caller, asked);
    observe({ caller, service: service.name, operation, ...asked, allowed: judgement.allowed });
    if (judgement.allowed) continue;
    throw new AwsError(
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: ${asked.action} on resource: ${asked.resource} ${judgement.because}`,
      400,
    );
  }
}
