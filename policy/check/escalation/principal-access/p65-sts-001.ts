import type { EscalationPath } from '../path.ts';

export const p65: EscalationPath = {
  id: 'P65',
  upstream: 'sts-001',
  category: 'principal-access',
  severity: 'medium',
  needs: [{ action: 'sts:AssumeRole', beyond: 'named' }],
  how: 'Any role that trusts the account can be assumed.',
};
