import { makeConfig } from '../lambdas/shared/adapters/config/load-config.ts';
import { readConfigFiles } from '../lambdas/shared/adapters/config/read-config.ts';
import type { EntryProblem } from '../lambdas/shared/domain/catalog/check-catalog.ts';
import { partsAsWritten } from '../lambdas/shared/domain/catalog/iam/check-arn.ts';
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
 * Stops what is deployed into this account where an entry names that by its digits: a template knows the account only
 * as a placeholder, so no brokered role would hold the entry, and what is granted of it would be denied. Throws ConfigError.
 */
export function checkOwnAccount(accountId: string, folder?: string): void {
  const named = readConfigFiles(folder).catalog.resources.flatMap(({ key, arns }) =>
    arns
      .filter((arn) => partsAsWritten(arn).account === accountId)
      .map((arn) => ({
        key,
        problem: `${arn} names the account that this is deployed into by its digits; write \${AWS::AccountId}`,
      })),
  );
  refuseEntries(named, folder);
}

/** Stops the deployment where catalog, guardrails, tiers, limits or issuers cannot work, not the first request. Throws ConfigError. */
export function checkConfig(folder?: string): void {
  makeConfig({ partition: 'aws', region: 'us-east-1', accountId: '000000000000' }, folder);
  refuseEntries(problemsWithIam(folder), folder);
}
