import { does, type EscalationPath, passRole } from '../../path.ts';

export const p127: EscalationPath = {
  id: 'P127',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('transfer'), does('transfer:CreateUser')],
  how: 'A user of a file server reads and writes with the role.',
};
