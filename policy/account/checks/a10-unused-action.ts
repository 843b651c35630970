import { someOf } from '../../check/breadth/openness.ts';
import type { AccountCheck } from '../account-check.ts';
import { grants } from '../grants.ts';

export const a10UnusedAction: AccountCheck = {
  id: 'A10',
  severity: 'low',
  title: 'actions that are granted and not used',
  why: 'Right-sized, the role would do its work with less.',
  remedy: 'Take the actions out of the policies.',
  needs: ['last accessed'],
  *run({ roles }) {
    for (const { name, policies, services = [] } of roles) {
      const unused = services.flatMap(({ service, lastUsed, actions = [] }) =>
        lastUsed === undefined
          ? []
          : actions
              .filter((action) => action.lastUsed === undefined)
              .map((action) => `${service}:${action.name}`)
              .filter((action) => grants(policies, action)),
      );
      if (unused.length > 0) yield { subject: name, detail: `${name} did not use ${someOf(unused)}.` };
    }
  },
};
