import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type DeployedRole, otherThanPlanned } from '../../domain/brokered/compare-roles.ts';
import type { CatalogFile } from '../../domain/catalog/catalog.ts';
import type { Placeholders } from '../../domain/catalog/resolve-arns.ts';
import { makeRoleReader } from './read-brokered-role.ts';

/** Where else than the environment says; for tests. */
type Where = {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

type RoleReader = (roleName: string) => Promise<DeployedRole | undefined>;

/** What was found in one account. `unknown`: it could not be looked at. */
export type AccountFinding = {
  readonly verdict: 'ok' | 'wrong' | 'unknown';
  /** Nobody can be assumed to look there: it is deployed to by hand. */
  readonly byHand?: true;
  /** The account, as people know it. */
  readonly called: string;
  readonly what: string;
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'it failed';

/** Reads the roles of another account, as a role there. Throws where that cannot be assumed. */
export async function readRolesIn(roleArn: string, options: Where = {}): Promise<RoleReader> {
  const sts = new STSClient(options);
  const { Credentials: keys } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'postern-doctor' }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = keys ?? {};
  return makeRoleReader({
    ...options,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  });
}

type Ports = {
  /** Of the broker's own account. */
  readonly readHere: RoleReader;
  /** Of another, by a role of it. */
  readonly readThere: (roleArn: string) => Promise<RoleReader>;
  /** A role to look with, in place of each account's deploying one. */
  readonly role?: string | undefined;
};

/**
 * Compares the roles of the broker's account, and of each other that the catalog has entries of, with what is planned. An
 * account that cannot be looked at is said to be so, and is no reason to leave out another.
 */
export async function checkAccounts(
  { accounts = [], resources }: CatalogFile,
  home: Placeholders,
  { readHere, readThere, role }: Ports,
): Promise<AccountFinding[]> {
  const look = async (
    called: string,
    id: string,
    open: () => Promise<RoleReader>,
  ): Promise<AccountFinding> => {
    try {
      const wrong = await otherThanPlanned(resources, home, id, await open());
      return wrong.length > 0
        ? { verdict: 'wrong', called, what: wrong.join('; ') }
        : { verdict: 'ok', called, what: 'its roles are as planned' };
    } catch (error) {
      return { verdict: 'unknown', called, what: `it cannot be looked at (${messageOf(error)})` };
    }
  };
  const used = accounts.filter(({ id }) => resources.some(({ account }) => account?.id === id));
  return Promise.all([
    look(`broker (${home.accountId})`, home.accountId, async () => readHere),
    ...used.map(({ id, name, deployRole }) => {
      const named = role ?? deployRole;
      if (named === undefined)
        return {
          ...{ verdict: 'unknown' as const, called: `${name} (${id})`, byHand: true as const },
          what: 'it cannot be looked at (it has no deployRole, and no other role is named)',
        };
      return look(`${name} (${id})`, id, () => {
        return readThere(`arn:${home.partition}:iam::${id}:role/${named}`);
      });
    }),
  ]);
}
