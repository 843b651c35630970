import { type IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { partsOfArn } from '../../../../policy/arn/parts-of-arn.ts';
import { DependencyUnavailable } from '../../domain/errors.ts';
import { callAws } from '../runtime/call-aws.ts';

/** The inline policy that holds the denials; the others of the role are the deployment's. */
const POLICY_NAME = 'revoked-sessions';

/**
 * Writes the denials of a brokered role of this account. In force within seconds: IAM is eventually consistent.
 * Throws DependencyUnavailable where it cannot, and for a role of another account.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export function makeRolePolicies(deps: { client: IAMClient; accountId: string }) {
  return {
    putDenials: async (roleArn: string, PolicyDocument: string): Promise<void> => {
      // IAM takes a name: another account's role would be mistaken for the one of that name here.
      if (partsOfArn(roleArn).account !== deps.accountId)
        throw new DependencyUnavailable(`${roleArn}: revoke it in its own account`);
      const RoleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
      await callAws('IAM', () =>
        deps.client.send(new PutRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME, PolicyDocument })),
      );
    },
  };
}
export type RolePolicies = ReturnType<typeof makeRolePolicies>;
