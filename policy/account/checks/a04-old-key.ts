import type { AccountCheck } from '../account-check.ts';
import { daysBefore } from '../account-check.ts';

export const a04OldKey: AccountCheck = {
  id: 'A04',
  severity: 'high',
  title: 'a key older than 90 days',
  why: 'What leaked long ago still opens.',
  remedy: 'Make a new key and delete this one, or use a role in its place.',
  needs: ['credential report'],
  *run(account) {
    for (const { name, credentials } of account.users)
      for (const { isActive, rotated } of credentials?.keys ?? []) {
        const days = isActive && rotated ? daysBefore(account, rotated) : 0;
        if (days > 90) yield { subject: name, detail: `A key of ${name} is ${days} days old.` };
      }
  },
};
