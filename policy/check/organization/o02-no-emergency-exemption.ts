import { conditionHolds } from '../../evaluate/condition-holds.ts';
import type { Check } from '../check.ts';
import { atStatement } from '../places.ts';

export const o02NoEmergencyExemption: Check = {
  id: 'O02',
  severity: 'high',
  title: 'a Deny that also stops the role for emergencies',
  why: 'When it is wrong, or the account has to be saved, nobody is left who can act.',
  remedy: 'Exempt the role: ArnNotLike on aws:PrincipalArn.',
  types: ['scp', 'rcp'],
  needs: ['breakGlass'],
  *run({ policy, around: { breakGlass = [] } }) {
    for (const statement of policy.statements) {
      if (statement.effect !== 'Deny') continue;
      const about = statement.conditions.filter(({ key }) => key === 'aws:principalarn');
      for (const role of breakGlass) {
        const context = new Map([['aws:principalarn', role.replaceAll('*', 'x')]]);
        if (!about.every((condition) => conditionHolds(condition, context))) continue;
        yield { ...atStatement(statement), detail: `It denies ${role} too.` };
      }
    }
  },
};
