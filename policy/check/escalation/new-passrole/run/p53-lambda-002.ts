import { does, type EscalationPath, passRole } from '../../path.ts';

export const p53: EscalationPath = {
  id: 'P53',
  upstream: 'lambda-002',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('lambda'), does('lambda:CreateFunction'), does('lambda:CreateEventSourceMapping')],
  how: 'A new function runs code of the caller with the role, when an event comes.',
};
