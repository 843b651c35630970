import type { Severity } from '../check/finding.ts';
import type { Account, AccountPart } from './account.ts';

/** What a check of an account found, of whom. */
export type AccountHit = { readonly subject: string; readonly detail: string; readonly severity?: Severity };

/** What an account is judged by beside itself. */
export type AccountRules = {
  /** Patterns of the names of roles and users that are administrators for emergencies. */
  readonly breakGlass: readonly RegExp[];
};

export type AccountCheck = {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  /** The parts without which it cannot be answered. */
  readonly needs: readonly AccountPart[];
  readonly run: (account: Account, rules: AccountRules) => Iterable<AccountHit>;
};

const DAY_MS = 86_400_000;

/** Days from one moment to when the account was collected. */
export const daysBefore = ({ collectedAt }: Account, moment: Date): number =>
  Math.floor((collectedAt.getTime() - moment.getTime()) / DAY_MS);
