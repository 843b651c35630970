import type { AccountCheck } from '../account-check.ts';

export const a06PolicyOnUser: AccountCheck = {
  id: 'A06',
  severity: 'low',
  title: 'a policy on a user directly',
  why: 'Who leaves a team keeps it; nobody sees it by the group.',
  remedy: 'Attach it to a group, or to a role that the user assumes.',
  needs: [],
  *run({ users }) {
    for (const { name, policies } of users)
      for (const policy of policies)
        yield { subject: name, detail: `${policy.name} is attached to ${name} directly.` };
  },
};
