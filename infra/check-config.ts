import { makeConfig } from '../lambdas/shared/adapters/config/load-config.ts';
import { readConfigFiles } from '../lambdas/shared/adapters/config/read-config.ts';
import type { EntryProblem } from '../lambdas/shared/domain/catalog/check-catalog.ts';
import { problemOfEntry } from '../lambdas/shared/domain/catalog/iam/problem-of-entry.ts';
import { ConfigError } from '../lambdas/shared/domain/config-error.ts';
import { readIamData } from './read-iam-data.ts';

/** What IAM says against the catalog's entries. */
export function problemsWithIam(folder?: string): EntryProblem[] {
  const iam = readIamData();
  return readConfigFiles(folder).catalog.resources.flatMap((resource) => {
    const problem = problemOfEntry(resource, iam);
    return problem ? [{ key: resource.key, problem }] : [];
  });
}

/** Throws ConfigError for these problems, each with its entry's line. */
export function refuseEntries([first, ...others]: readonly EntryProblem[], folder?: string): void {
  if (!first) return;
  const { lineOfEntry } = readConfigFiles(folder);
  const more = others.map(({ key, problem }) => `\ncatalog.json:${lineOfEntry(key)}: ${key}: ${problem}`);
  throw new ConfigError(
    'catalog.json',
    lineOfEntry(first.key),
    `${first.key}: ${first.problem}${more.join('')}`,
  );
}

/**
 * Stops what is deployed into this account where the catalog lists that as another: a template knows its account only as
 * a placeholder, so no brokered role would hold the account's entries, and what is granted of them would be denied. An entry
 * that names it by its digits takes such a listing. Throws ConfigError.
 */
export function checkOwnAccount(accountId: string, folder?: string): void {
  const { accounts = [] } = readConfigFiles(folder).catalog;
  const listed = accounts.find(({ id }) => id === accountId);
  if (listed)
    throw new ConfigError(
      'catalog.json',
      undefined,
      `accounts: ${listed.name} is ${accountId}, the account that this is deployed into; take it out, and write \${AWS::AccountId} in its entries`,
    );
}

/** Stops the deployment where catalog, guardrails, tiers, limits or issuers cannot work, not the first request. Throws ConfigError. */
export function checkConfig(folder?: string): void {
  makeConfig({ partition: 'aws', region: 'us-east-1', accountId: '000000000000' }, folder);
  refuseEntries(problemsWithIam(folder), folder);
}
