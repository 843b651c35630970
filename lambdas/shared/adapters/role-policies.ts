import { type IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { callAws } from './call-aws.ts';

/** The inline policy that holds the denials; the others of the role are the deployment's. */
const POLICY_NAME = 'revoked-sessions';

/**
 * Writes the denials of a brokered role. In force within seconds: IAM is eventually consistent.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export function makeRolePolicies(deps: { client: IAMClient }) {
  return {
    putDenials: async (roleArn: string, PolicyDocument: string): Promise<void> => {
      const RoleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
      await callAws('IAM', () =>
        deps.client.send(new PutRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME, PolicyDocument })),
      );
    },
  };
}
export type RolePolicies = ReturnType<typeof makeRolePolicies>;
