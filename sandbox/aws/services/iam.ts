import type { Roles } from '../credential-store.ts';
import { type AwsCall, AwsError, type AwsService, type PolicyDocument } from '../types.ts';

/** Characters of all inline policies of a role together. */
const MOST_INLINE_CHARACTERS = 10_240;

/** Inline policies of roles: what revoking a session takes. In force at once. */
export function createIam(roles: Roles): AwsService {
  const roleOf = ({ input }: AwsCall) => {
    const role = roles.byName(String(input.RoleName));
    if (!role)
      throw new AwsError('NoSuchEntity', `The role with name ${input.RoleName} cannot be found.`, 404);
    return role;
  };
  return {
    name: 'iam',
    authorizations: (call) => [{ action: `iam:${call.operation}`, resource: roleOf(call).arn }],
    async handle(call) {
      const role = roleOf(call);
      const inline = roles.inlineOf(role.name);
      const name = String(call.input.PolicyName);
      switch (call.operation) {
        case 'PutRolePolicy': {
          const document = JSON.parse(String(call.input.PolicyDocument)) as PolicyDocument;
          const others = [...inline].filter(([other]) => other !== name).map(([, policy]) => policy);
          if (JSON.stringify([...others, document]).length > MOST_INLINE_CHARACTERS) {
            throw new AwsError('LimitExceeded', 'Maximum policy size of 10240 bytes exceeded for role.', 409);
          }
          inline.set(name, document);
          return {};
        }
        case 'GetRolePolicy': {
          const document = inline.get(name);
          if (!document) throw new AwsError('NoSuchEntity', `The role policy ${name} cannot be found.`, 404);
          return {
            RoleName: role.name,
            PolicyName: name,
            PolicyDocument: encodeURIComponent(JSON.stringify(document)),
          };
        }
        case 'DeleteRolePolicy':
          if (!inline.delete(name)) {
            throw new AwsError('NoSuchEntity', `The role policy ${name} cannot be found.`, 404);
          }
          return {};
        default:
          throw new AwsError('InvalidAction', `Could not find operation ${call.operation}`, 400);
      }
    },
  };
}
