import * as z from 'zod';
import type { PolicyDocument } from '../aws/types.ts';
import type { PresentResource } from './present-resources.ts';
import type { Resolver } from './resolve-values.ts';
import type { RoleSpec } from './types.ts';

const documentSchema = z.looseObject({ Statement: z.unknown() }) as unknown as z.ZodType<PolicyDocument>;
const inlineSchema = z.object({ PolicyName: z.string(), PolicyDocument: documentSchema });
const roleSchema = z.object({
  AssumeRolePolicyDocument: documentSchema,
  Policies: z.array(inlineSchema).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
  PermissionsBoundary: z.string().optional(),
  MaxSessionDuration: z.coerce.number().default(3600),
});
/** `AWS::IAM::Policy` and `AWS::IAM::ManagedPolicy`, which name the roles they are attached to. */
const attachedSchema = z.object({
  PolicyName: z.string().optional(),
  ManagedPolicyName: z.string().optional(),
  PolicyDocument: documentSchema,
  Roles: z.array(z.string()).default([]),
});

/** Every role with all the policies that are its own: inline, attached, and managed ones of this template. */
export function rolesOf(resources: PresentResource[], { identityOf }: Resolver): RoleSpec[] {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const managed = new Map(
    ofType('AWS::IAM::ManagedPolicy').map((it) => [
      identityOf(it.logicalId).ref,
      attachedSchema.parse(it.properties),
    ]),
  );
  const attached = [
    ...ofType('AWS::IAM::Policy').map((it) => attachedSchema.parse(it.properties)),
    ...managed.values(),
  ];

  return ofType('AWS::IAM::Role').map((it) => {
    const role = roleSchema.parse(it.properties);
    const { ref: name, attributes } = identityOf(it.logicalId);
    const own = role.ManagedPolicyArns.flatMap((arn) => managed.get(arn) ?? []);
    const boundary = managed.get(role.PermissionsBoundary ?? '')?.PolicyDocument;
    const others = [...attached.filter(({ Roles }) => Roles.includes(name)), ...own];
    return {
      logicalId: it.logicalId,
      name,
      arn: attributes.Arn ?? '',
      id: attributes.RoleId ?? '',
      trust: role.AssumeRolePolicyDocument,
      policies: [
        ...role.Policies.map(({ PolicyName, PolicyDocument }) => ({
          name: PolicyName,
          document: PolicyDocument,
        })),
        ...others.map((policy) => ({
          name: policy.PolicyName ?? policy.ManagedPolicyName ?? 'managed',
          document: policy.PolicyDocument,
        })),
      ],
      managedPolicyArns: role.ManagedPolicyArns.filter((arn) => !managed.has(arn)),
      ...(role.PermissionsBoundary && { boundaryArn: role.PermissionsBoundary }),
      ...(boundary && { boundary }),
      maxSessionSeconds: role.MaxSessionDuration,
    };
  });
}
