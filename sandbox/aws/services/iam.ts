import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { Roles } from '../credential-store.ts';
import { isWellFormed } from '../is-well-formed.ts';
import type { AwsCall, AwsService, PolicyDocument } from '../types.ts';
import type { createAccountReads } from './account-reads.ts';
import { malformedPolicy } from './assume-role-input.ts';

/** Characters of all inline policies of a role together; white space is not counted. */
const MOST_INLINE_CHARACTERS = 10_240;
const OF_ROLE = new Set(['ListRolePolicies', 'PutRolePolicy', 'GetRolePolicy', 'DeleteRolePolicy']);
const POLICY_NAME = /^[\w+=,.@-]{1,128}$/;

const noSuchEntity = (what: string) => new AwsError('NoSuchEntity', `${what} cannot be found.`, 404);

/**
 * Inline policies of roles: what revoking a session takes, in force at once; and what an audit reads of the account.
 */
export function createIam(roles: Roles, readAccount: ReturnType<typeof createAccountReads>): AwsService {
  const roleOf = ({ input }: AwsCall) => {
    const role = roles.byName(String(input.RoleName));
    if (!role) throw noSuchEntity(`The role with name ${input.RoleName}`);
    return role;
  };
  return {
    name: 'iam',
    // A call that names no role is about all of them.
    authorizations: (call) => [
      {
        action: `iam:${call.operation}`,
        resource: call.input.RoleName === undefined ? '*' : roleOf(call).arn,
      },
    ],
    async handle(call) {
      const answer = readAccount(call);
      if (answer !== undefined) return answer;
      if (!OF_ROLE.has(call.operation))
        throw new AwsError('InvalidAction', `Could not find operation ${call.operation}`, 400);
      const role = roleOf(call);
      const inline = roles.inlineOf(role.name);
      if (call.operation === 'ListRolePolicies') {
        return { PolicyNames: { member: [...inline.keys()] }, IsTruncated: false };
      }
      const name = policyNameIn(call);
      switch (call.operation) {
        case 'PutRolePolicy': {
          const document = documentIn(call);
          const others = [...inline].filter(([other]) => other !== name).map(([, policy]) => policy);
          if (JSON.stringify([...others, document]).length > MOST_INLINE_CHARACTERS) {
            throw new AwsError('LimitExceeded', 'Maximum policy size of 10240 bytes exceeded for role.', 409);
          }
          inline.set(name, document);
          return {};
        }
        case 'GetRolePolicy': {
          const document = inline.get(name);
          if (!document) throw noSuchEntity(`The role policy with name ${name}`);
          return {
            RoleName: role.name,
            PolicyName: name,
            PolicyDocument: encodeURIComponent(JSON.stringify(document)),
          };
        }
        case 'DeleteRolePolicy':
          if (!inline.delete(name)) throw noSuchEntity(`The role policy with name ${name}`);
          return {};
        default:
          throw new AwsError('InvalidAction', `Could not find operation ${call.operation}`, 400);
      }
    },
  };
}

function policyNameIn({ input }: AwsCall): string {
  const name = String(input.PolicyName ?? '');
  if (!POLICY_NAME.test(name))
    throw new AwsError('ValidationError', 'PolicyName must be 1-128 of [\\w+=,.@-]', 400);
  return name;
}

function documentIn({ input }: AwsCall): PolicyDocument {
  const text = String(input.PolicyDocument);
  let document: PolicyDocument;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformedPolicy('This policy contains invalid Json');
  }
  // INVARIANT: a document that cannot be judged would close every session of the role.
  if (!isWellFormed(text, 'identity')) throw malformedPolicy('Syntax errors in policy.');
  return document;
}
