import { RUNS_AS_ROLE } from '../../data/service-principals.ts';
import type { Check } from '../check.ts';
import { atElement } from '../places.ts';

const SOURCES: ReadonlySet<string> = new Set([
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
  'kms:calleraccount',
  'kms:viaservice',
]);

export const t03ServiceWithoutSource: Check = {
  id: 'T03',
  severity: 'high',
  title: 'a service, without saying for whom it acts',
  why: 'Anybody may make that service act on this resource from an account of theirs (the confused deputy).',
  remedy: 'Add a condition on aws:SourceArn, aws:SourceAccount or aws:SourceOrgID.',
  types: ['resource', 'trust'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      const { effect, principals, conditions } = statement;
      if (effect !== 'Allow' || !principals) continue;
      if (conditions.some(({ key }) => SOURCES.has(key))) continue;
      for (const [nth, principal] of principals.items.entries()) {
        if (principal.kind !== 'service') continue;
        if (policy.type === 'trust' && RUNS_AS_ROLE.test(principal.name)) continue;
        yield {
          ...atElement(statement, 'principals', nth),
          ...(policy.type === 'trust' && { severity: 'medium' as const }),
          detail: `${principal.name} may do this for any account.`,
        };
      }
    }
  },
};
