import { does, type EscalationPath, passRole } from '../../path.ts';

export const p100: EscalationPath = {
  id: 'P100',
  category: 'new-passrole',
  severity: 'low',
  needs: [passRole('codestar'), does('codestar:CreateProject')],
  how: 'A new project is made by a role that may do much; AWS closed CodeStar in 2024.',
};
