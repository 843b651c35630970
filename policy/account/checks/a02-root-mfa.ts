import type { AccountCheck } from '../account-check.ts';

export const a02RootMfa: AccountCheck = {
  id: 'A02',
  severity: 'critical',
  title: 'the root user without MFA',
  why: 'Its password alone opens everything.',
  remedy: 'Enable a hardware key for the root user.',
  needs: ['account summary'],
  *run({ root }) {
    if (root && !root.hasMfa) yield { subject: 'root', detail: 'The root user has no MFA.' };
  },
};
