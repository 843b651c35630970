import { runSimulation } from '@cloud-copilot/iam-simulate';
import { type AwsCall, type AwsCaller, AwsError, type AwsService, type PolicyDocument } from './types.ts';

export type Authorization = ReturnType<AwsService['authorizations']>[number];

/** One decision of IAM, for tests and for what was used against what was granted. */
export type Observation = {
  caller: AwsCaller;
  service: string;
  operation: string;
  action: string;
  resource: string;
  allowed: boolean;
};

/**
 * The library's data lists these as taking no resource; AWS takes the state machine's ARN. They are judged as
 * an action that takes one.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/auth-and-access-control-sfn.html
 */
const JUDGED_AS: Readonly<Record<string, string>> = {
  'states:SendTaskSuccess': 'states:StartExecution',
  'states:SendTaskFailure': 'states:StartExecution',
  'states:SendTaskHeartbeat': 'states:StartExecution',
};

/** The same documents, in which `action` goes by the name it is judged as, and that name is nobody's. */
function renamed(
  documents: readonly PolicyDocument[],
  action: string,
): { action: string; documents: PolicyDocument[] } {
  const as = JUDGED_AS[action];
  if (!as) return { action, documents: [...documents] };
  const text = JSON.stringify(documents)
    .replaceAll(`"${as}"`, '"states:None"')
    .replaceAll(`"${action}"`, `"${as}"`);
  return { action: as, documents: JSON.parse(text) };
}

/** The condition keys that IAM knows of every call by who makes it. */
function callerContext(caller: AwsCaller): Record<string, string> {
  return {
    'aws:PrincipalAccount': caller.accountId,
    'aws:userid': caller.userId,
    'aws:CurrentTime': new Date().toISOString(),
    ...(caller.sourceIdentity !== undefined && { 'aws:SourceIdentity': caller.sourceIdentity }),
    ...Object.fromEntries(
      Object.entries(caller.principalTags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
    ),
  };
}

/** Whether IAM allows it: identity policies, cut by boundary and session policy. Doubt is a denial. */
export async function isAllowed(caller: AwsCaller, asked: Authorization): Promise<boolean> {
  const { action, documents } = renamed(caller.identityPolicies, asked.action);
  const narrowing = caller.sessionPolicy && renamed([caller.sessionPolicy], asked.action).documents[0];
  const result = await runSimulation(
    {
      request: {
        principal: caller.arn,
        action,
        resource: { resource: asked.resource, accountId: caller.accountId },
        contextVariables: { ...callerContext(caller), ...asked.context },
      },
      identityPolicies: documents.map((policy, index) => ({ name: `policy${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(asked.resourcePolicy && { resourcePolicy: asked.resourcePolicy }),
      ...(narrowing && { sessionPolicy: narrowing }),
      ...(caller.boundary && { permissionBoundaryPolicies: [{ name: 'boundary', policy: caller.boundary }] }),
    },
    {},
  );
  return result.resultType !== 'error' && result.overallResult === 'Allowed';
}

/** Asks IAM for everything a call needs. Throws AccessDeniedException for the first that is not allowed. */
export async function authorize(
  service: AwsService,
  call: AwsCall,
  observe: (observation: Observation) => void,
): Promise<void> {
  for (const asked of service.authorizations(call)) {
    const allowed = await isAllowed(call.caller, asked);
    const { caller, operation } = call;
    observe({
      caller,
      service: service.name,
      operation,
      action: asked.action,
      resource: asked.resource,
      allowed,
    });
    if (!allowed) {
      throw new AwsError(
        'AccessDeniedException',
        `User: ${caller.arn} is not authorized to perform: ${asked.action} on resource: ${asked.resource}`,
        400,
      );
    }
  }
}
