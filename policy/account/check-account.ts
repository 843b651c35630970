import type { Finding } from '../check/finding.ts';
import type { Account, Gap } from './account.ts';
import type { AccountRules } from './account-check.ts';
import { ACCOUNT_CHECKS } from './account-checks.ts';

export type CheckedAccount = {
  readonly findings: readonly Finding[];
  /** Checks that could not be answered, and for want of what. */
  readonly notAssessed: readonly (Gap & { readonly id: string })[];
};

/** Asks every check of an account that what was collected can answer. */
export function checkAccount(account: Account, rules: AccountRules): CheckedAccount {
  const findings: Finding[] = [];
  const notAssessed: (Gap & { id: string })[] = [];
  for (const check of ACCOUNT_CHECKS) {
    const gap = account.gaps.find(({ part }) => check.needs.includes(part));
    if (gap) {
      notAssessed.push({ ...gap, id: check.id });
      continue;
    }
    const { id, severity, title, why, remedy } = check;
    for (const { subject, detail, severity: own } of check.run(account, rules))
      findings.push({
        ...{ id, title, why, remedy, detail, path: '', policy: subject },
        severity: own ?? severity,
      });
  }
  return { findings, notAssessed };
}
