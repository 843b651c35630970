import type { AccountCheck } from '../account-check.ts';

export const a03UserWithoutMfa: AccountCheck = {
  id: 'A03',
  severity: 'high',
  title: 'a user with a password and no MFA',
  why: 'A password is guessed, shared or stolen.',
  remedy: 'Enable MFA for the user, or take the password away.',
  needs: ['credential report'],
  *run({ users }) {
    for (const { name, credentials } of users)
      if (credentials?.hasPassword && !credentials.hasMfa)
        yield { subject: name, detail: `${name} signs in with a password alone.` };
  },
};
