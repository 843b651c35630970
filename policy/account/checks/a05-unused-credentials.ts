import type { AccountCheck } from '../account-check.ts';
import { daysBefore } from '../account-check.ts';

export const a05UnusedCredentials: AccountCheck = {
  id: 'A05',
  severity: 'medium',
  title: 'credentials that were not used for 45 days',
  why: 'Nobody misses them, and nobody would notice who else uses them.',
  remedy: 'Disable them.',
  needs: ['credential report'],
  *run(account) {
    for (const { name, credentials } of account.users) {
      if (!credentials) continue;
      const { hasPassword, passwordLastUsed, created, keys } = credentials;
      const since = (moment: Date | undefined) => (moment ? daysBefore(account, moment) : 0);
      const password = since(passwordLastUsed ?? created);
      if (hasPassword && password > 45)
        yield { subject: name, detail: `The password of ${name} was not used for ${password} days.` };
      for (const { isActive, lastUsed, rotated } of keys) {
        const key = isActive ? since(lastUsed ?? rotated) : 0;
        if (key > 45) yield { subject: name, detail: `A key of ${name} was not used for ${key} days.` };
      }
    }
  },
};
