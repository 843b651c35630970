import type { AccountCheck } from '../account-check.ts';

export const a01RootKeys: AccountCheck = {
  id: 'A01',
  severity: 'critical',
  title: 'access keys of the root user',
  why: 'They open everything, and nothing limits them.',
  remedy: 'Delete them.',
  needs: ['account summary'],
  *run({ root }) {
    if (root?.hasKeys) yield { subject: 'root', detail: 'The root user has access keys.' };
  },
};
