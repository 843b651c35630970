import { someOf } from '../../check/breadth/openness.ts';
import type { AccountCheck } from '../account-check.ts';
import { grants } from '../grants.ts';

export const a09UnusedService: AccountCheck = {
  id: 'A09',
  severity: 'low',
  title: 'a service that is granted and not used',
  why: 'Whatever is not used is only of use to who takes the role over.',
  remedy: 'Take the service out of the policies.',
  needs: ['last accessed'],
  *run({ roles }) {
    for (const { name, policies, services = [] } of roles) {
      const unused = services
        .filter(({ service, lastUsed }) => lastUsed === undefined && grants(policies, service))
        .map(({ service }) => service);
      if (unused.length > 0) yield { subject: name, detail: `${name} did not use ${someOf(unused)}.` };
    }
  },
};
