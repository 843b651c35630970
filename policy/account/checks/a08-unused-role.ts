import type { AccountCheck } from '../account-check.ts';
import { daysBefore } from '../account-check.ts';

export const a08UnusedRole: AccountCheck = {
  id: 'A08',
  severity: 'medium',
  title: 'a role that was not used for 90 days',
  why: 'It is a way in that nobody looks at.',
  remedy: 'Delete it, once whoever made it was asked.',
  needs: [],
  *run(account) {
    for (const { name, path, lastUsed, created } of account.roles) {
      if (path.startsWith('/aws-service-role/')) continue;
      const moment = lastUsed ?? created;
      const days = moment ? daysBefore(account, moment) : 0;
      if (days > 90) yield { subject: name, detail: `${name} was not used for ${days} days.` };
    }
  },
};
