import { does, type EscalationPath } from '../path.ts';

export const p128: EscalationPath = {
  id: 'P128',
  category: 'principal-access',
  severity: 'high',
  needs: [does('sts:AssumeRoot')],
  how: 'The root user of a member account is in reach.',
};
