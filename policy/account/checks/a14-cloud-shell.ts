import type { AccountCheck } from '../account-check.ts';

export const a14CloudShell: AccountCheck = {
  id: 'A14',
  severity: 'medium',
  title: 'AWSCloudShellFullAccess',
  why: 'It takes files out of the account by a way that nobody filters.',
  remedy: 'Attach a policy without upload and download of files.',
  needs: [],
  *run({ users, roles }) {
    for (const { name, policies, ...rest } of [...users, ...roles]) {
      const held = [...policies, ...('groupPolicies' in rest ? rest.groupPolicies : [])];
      if (held.some((policy) => policy.name === 'AWSCloudShellFullAccess'))
        yield { subject: name, detail: `${name} has AWSCloudShellFullAccess.` };
    }
  },
};
