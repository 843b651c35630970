import type { AccountCheck } from '../account-check.ts';

export const a13PasswordPolicy: AccountCheck = {
  id: 'A13',
  severity: 'medium',
  title: 'a weak password policy, or none',
  why: 'Short passwords, and old ones again, are guessed.',
  remedy: 'Ask for 14 characters, and forbid the last 24.',
  needs: ['password policy'],
  *run({ users, passwordPolicy }) {
    if (passwordPolicy === undefined || !users.some(({ credentials }) => credentials?.hasPassword ?? true))
      return;
    if (passwordPolicy === null) yield { subject: 'account', detail: 'There is no password policy.' };
    else if (passwordPolicy.minimumLength < 14 || passwordPolicy.preventsReuseOf < 24)
      yield {
        subject: 'account',
        detail: `Passwords have ${passwordPolicy.minimumLength} characters or more, and the last ${passwordPolicy.preventsReuseOf} are forbidden.`,
      };
  },
};
