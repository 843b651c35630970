import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { PolicyDocument } from './types.ts';

/** Whether IAM would take the document as an identity or session policy: its grammar, not what it allows. */
export async function isWellFormed(policy: PolicyDocument): Promise<boolean> {
  const result = await runSimulation(
    {
      request: {
        principal: 'arn:aws:iam::123456789012:user/nobody',
        action: 'sts:GetCallerIdentity',
        resource: { resource: '*', accountId: '123456789012' },
        contextVariables: {},
      },
      identityPolicies: [{ name: 'policy', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return result.resultType !== 'error';
}
