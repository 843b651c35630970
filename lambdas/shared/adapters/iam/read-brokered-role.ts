import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  type IAMClientConfig,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import type { DeployedRole } from '../../domain/brokered/compare-roles.ts';

/** IAM answers documents as URLs hold them (RFC 3986). */
const documentIn = (encoded = ''): string => decodeURIComponent(encoded);

/** Reads roles as IAM has them, with every policy that is attached to them. */
export function makeRoleReader(options: IAMClientConfig = {}) {
  const iam = new IAMClient(options);

  async function managed(PolicyArn: string): Promise<string> {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const VersionId = Policy?.DefaultVersionId;
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    return documentIn(PolicyVersion?.Document);
  }

  async function inline(RoleName: string): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: iam }, { RoleName }))
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        found.set(PolicyName, documentIn(PolicyDocument));
      }
    return found;
  }

  async function attached(RoleName: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies(
      { client: iam },
      { RoleName },
    ))
      for (const { PolicyArn = '' } of AttachedPolicies) found.push(await managed(PolicyArn));
    return found;
  }

  /** Undefined where there is no such role. */
  return async function read(RoleName: string): Promise<DeployedRole | undefined> {
    try {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      const boundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
      return {
        arn: Role?.Arn ?? '',
        trust: documentIn(Role?.AssumeRolePolicyDocument),
        attached: await attached(RoleName),
        inline: await inline(RoleName),
        ...(boundary !== undefined && { boundary: await managed(boundary) }),
      };
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchEntityException') return undefined;
      throw error;
    }
  };
}
