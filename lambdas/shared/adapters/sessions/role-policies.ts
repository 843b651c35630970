import { type IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { partsOfArn } from '../../../../policy/arn/parts-of-arn.ts';
import { callAws } from '../runtime/call-aws.ts';

/** The inline policy that holds the denials; the others of the role are the deployment's. */
const POLICY_NAME = 'revoked-sessions';

type Deps = {
  /** The broker's own account's. */
  readonly client: IAMClient;
  readonly accountId: string;
  /** IAM of another account, as what that lets revoke there. */
  readonly clientIn: (roleArn: string) => Promise<IAMClient>;
};

/**
 * Writes the denials of a brokered role, in whatever account that is. In force within seconds: IAM is eventually
 * consistent. Throws DependencyUnavailable where it cannot.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export function makeRolePolicies({ client, accountId, clientIn }: Deps) {
  return {
    putDenials: async (roleArn: string, PolicyDocument: string): Promise<void> => {
      // INVARIANT: IAM takes a name, so another account's role would be mistaken for the one of that name here.
      const iam = partsOfArn(roleArn).account === accountId ? client : await clientIn(roleArn);
      const RoleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
      await callAws('IAM', () =>
        iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME, PolicyDocument })),
      );
    },
  };
}
export type RolePolicies = ReturnType<typeof makeRolePolicies>;
