import {
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  type IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import { BROKERED_ROLE_PREFIX } from '../../../lambdas/shared/domain/brokered/brokered-role.ts';

/**
 * Of a stack's resources, the roles that sessions may have been revoked of. Their template gives them no inline policies: what
 * there are were put there since.
 */
export const isBrokeredRole = (typeName: string | undefined, identifier: string | undefined): boolean =>
  typeName === 'AWS::IAM::Role' && identifier?.startsWith(BROKERED_ROLE_PREFIX) === true;

/**
 * Makes ready to be deleted by its stack a brokered role that nobody is to have any more: IAM deletes no role with inline policies,
 * and CloudFormation takes away only what its template made, so not `revoked-sessions`. A role that is gone is ready.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
 */
export async function emptyRole(iam: IAMClient, RoleName: string): Promise<void> {
  try {
    // INVARIANT: first what is allowed. A session that was revoked must not have it back, however briefly.
    for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies(
      { client: iam },
      { RoleName },
    ))
      for (const { PolicyArn } of AttachedPolicies)
        await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: iam }, { RoleName }))
      for (const PolicyName of PolicyNames)
        await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchEntityException') return;
    throw error;
  }
}
