import type { AccountCheck } from '../account-check.ts';

export const a15NoSupportRole: AccountCheck = {
  id: 'A15',
  severity: 'low',
  title: 'nobody may open a case with AWS',
  why: 'When it matters, nobody may ask AWS for help but an administrator.',
  remedy: 'Make a role with AWSSupportAccess.',
  needs: [],
  *run({ users, roles }) {
    const held = [...roles, ...users].flatMap((entry) => [
      ...entry.policies,
      ...('groupPolicies' in entry ? entry.groupPolicies : []),
    ]);
    if (!held.some(({ name }) => name === 'AWSSupportAccess'))
      yield { subject: 'account', detail: 'No role or user has AWSSupportAccess.' };
  },
};
