import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ConfigError } from '../../domain/config-error.ts';
import { sharesTokensWith } from '../../domain/identity/sign-in/match-sign-in.ts';
import type { Principal } from '../../domain/principal.ts';
import { makePoliciesTable } from './policies-table.ts';
import { makePrincipalLookups } from './principal-lookups-table.ts';
import { makePrincipalsTable } from './principals-table.ts';

/** A principal, and the text of its policy. */
export type Person = { readonly principal: Principal; readonly policy: string };

type Tables = {
  readonly client: DynamoDBDocumentClient;
  readonly tableNames: Readonly<Record<'principals' | 'policies' | 'awsPrincipals', string>>;
  /** What is to become of a principal that is there already; undefined leaves it as it is. */
  readonly renew?: (found: Principal, person: Principal) => Principal | undefined;
};

/**
 * Adds a broker's first people, who nobody is there to approve. Whoever is there already stays as sessions and
 * approved changes left them, but for what `renew` says. Throws DependencyUnavailable where a table cannot be reached, and
 * ConfigError where one token could sign in as two of those who are then there.
 */
export async function addPeople(
  { client, tableNames, renew }: Tables,
  people: readonly Person[],
): Promise<void> {
  const principals = makePrincipalsTable({ client, tableName: tableNames.principals });
  const policies = makePoliciesTable({ client, tableName: tableNames.policies });
  const lookups = makePrincipalLookups({ client, tableName: tableNames.awsPrincipals, principals });

  async function addPerson({ principal, policy }: Person): Promise<void> {
    const found = await principals.get(principal.id);
    if (found) {
      const renewed = renew?.(found, principal);
      if (renewed && (await principals.write(renewed, found.version))) await lookups.claim(renewed);
      return;
    }
    await policies.write({ principalId: principal.id, text: policy, version: principal.version }, 0);
    await lookups.claim(principal);
    // Last, so that a run that was cut off begins this person anew.
    await principals.write(principal, 0);
  }
  const added = people.map(({ principal }) => principal);
  checkSignIns(added);
  await Promise.all(people.map(addPerson));
  const everybody: Principal[] = [];
  for await (const principal of principals.all()) everybody.push(principal);
  checkSignIns(everybody);
}

function checkSignIns(principals: readonly Principal[]): void {
  for (const [index, principal] of principals.entries()) {
    const other = sharesTokensWith(principal, principals.slice(index + 1));
    if (other)
      throw new ConfigError(
        'signIn',
        undefined,
        `a token could sign in as ${principal.id} and as ${other}; tell them apart by a claim that both name`,
      );
  }
}
