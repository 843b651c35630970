import { randomBytes } from 'node:crypto';
import { accountOfArn } from '../../policy/evaluate/match-principal.ts';
import type { RoleSpec } from '../template/types.ts';
import type { AwsCaller, AwsCredential, PolicyDocument } from './types.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const random = (prefix: string) => prefix + [...randomBytes(16)].map((byte) => BASE32[byte % 32]).join('');

/** What narrows and names a role session beyond its role. */
type SessionTerms = {
  readonly sessionName: string;
  readonly expiresAt?: Date;
  readonly sessionPolicy?: PolicyDocument;
  readonly tags?: Record<string, string>;
  readonly sourceIdentity?: string;
};

export type CredentialStore = ReturnType<typeof createCredentialStore>;

/** The roles of each other account that the sandbox has, by its id. */
export type OtherRoles = ReadonlyMap<string, Roles>;

/** Every access key the sandbox knows, and whose it is. */
export function createCredentialStore(
  home: string,
  homeRoles: Roles,
  now = () => new Date(),
  others: OtherRoles = new Map(),
) {
  const credentials = new Map<string, AwsCredential>();

  const add = (credential: AwsCredential): void => {
    credentials.set(credential.accessKeyId, credential);
  };

  /** A session of a role. It goes by what the role's policies are at each call, not at its start. */
  function issue(role: RoleSpec, terms: SessionTerms): AwsCredential & { sessionToken: string } {
    const accessKeyId = random('ASIA');
    const accountId = accountOfArn(role.arn) ?? home;
    const roles = others.get(accountId) ?? homeRoles;
    const caller: AwsCaller = {
      accountId,
      arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${terms.sessionName}`,
      userId: `${role.id}:${terms.sessionName}`,
      accessKeyId,
      get identityPolicies() {
        return roles.policiesOf(role.name);
      },
      principalTags: terms.tags ?? {},
      sessionIssuer: role.arn,
      issuedAt: now(),
      ...(role.boundary && { boundary: role.boundary }),
      ...(terms.sessionPolicy && { sessionPolicy: terms.sessionPolicy }),
      ...(terms.sourceIdentity !== undefined && { sourceIdentity: terms.sourceIdentity }),
    };
    const credential = {
      accessKeyId,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(96).toString('base64'),
      ...(terms.expiresAt && { expiresAt: terms.expiresAt }),
      caller,
    };
    add(credential);
    return credential;
  }

  return {
    add,
    find: (accessKeyId: string): AwsCredential | undefined => credentials.get(accessKeyId),
    /** All that was ever minted here, ended or not. */
    all: (): AwsCredential[] => [...credentials.values()],
    /** The account's users: whoever has a key of its own. */
    users: (): AwsCaller[] =>
      [...credentials.values()]
        .map(({ caller }) => caller)
        .filter(({ arn, accountId: account }) => account === home && /:user\//.test(arn)),
    issue,
    /** A session of a role, by its ARN, that does not expire while the sandbox runs. */
    issueForRole: (roleArn: string, sessionName: string): AwsCredential =>
      issue(homeRoles.byArn(roleArn), { sessionName }),
  };
}

export type Roles = ReturnType<typeof createRoles>;

/** The template's roles, with the inline policies that calls to IAM put on them meanwhile. */
export function createRoles(specs: readonly RoleSpec[]) {
  const inline = new Map<string, Map<string, PolicyDocument>>();
  const inlineOf = (roleName: string) => {
    const found = inline.get(roleName) ?? new Map<string, PolicyDocument>();
    inline.set(roleName, found);
    return found;
  };
  const byName = (name: string) => specs.find((role) => role.name === name);
  // A boundary that cannot be enforced is not to be passed over.
  const unbounded = specs.find(({ boundaryArn, boundary }) => boundaryArn !== undefined && !boundary);
  if (unbounded) {
    throw new Error(
      `role ${unbounded.name} has the boundary ${unbounded.boundaryArn}, which the template does not hold`,
    );
  }
  return {
    byName,
    byArn(arn: string): RoleSpec {
      const role = specs.find((candidate) => candidate.arn === arn);
      if (!role) throw new Error(`the template defines no role ${arn}`);
      return role;
    },
    inlineOf,
    all: (): readonly RoleSpec[] => specs,
    policiesOf: (name: string): PolicyDocument[] => [
      ...(byName(name)?.policies.map(({ document }) => document) ?? []),
      ...inlineOf(name).values(),
    ],
  };
}
