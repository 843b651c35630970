import { runSimulation } from '@cloud-copilot/iam-simulate';
import { remember } from '../../lambdas/shared/domain/remember.ts';
import './policy/quick-collation.ts';

const ACCOUNT = '123456789012';
const EVERYTHING = {
  name: 'all',
  policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};

/** A key is used only by whom its own policy lets, which as a rule leaves it to IAM. */
const KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
  ],
};

const parsed = remember(100, (text: string) => text, JSON.parse);

export type Probe = {
  readonly action: string;
  readonly resource: string;
  readonly context?: Record<string, string | string[]>;
};

/**
 * Whether a session policy alone lets a call through, by an IAM simulator that is not ours: the role behind it
 * may do everything, so the session policy is all that stands in the way.
 */
export async function lets(
  sessionPolicy: string,
  { action, resource, context = {} }: Probe,
): Promise<boolean> {
  const result = await runSimulation(
    {
      request: {
        principal: `arn:aws:sts::${ACCOUNT}:assumed-role/postern-brokered/judge`,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: context,
      },
      identityPolicies: [EVERYTHING],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      sessionPolicy: parsed(sessionPolicy),
      ...(action.startsWith('kms:') && { resourcePolicy: KEY_POLICY }),
    },
    {},
  );
  if (result.resultType === 'error') {
    // AWS has no such call: the action does not apply to that sort of resource.
    if (result.errors.message === 'no.resource.types') return false;
    throw new Error(`${action} on ${resource}: ${result.errors.message}`);
  }
  return result.overallResult === 'Allowed';
}
