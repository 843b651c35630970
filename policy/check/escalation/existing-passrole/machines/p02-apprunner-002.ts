import { does, type EscalationPath } from '../../path.ts';

export const p02: EscalationPath = {
  id: 'P02',
  upstream: 'apprunner-002',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('apprunner:UpdateService')],
  how: 'A service that has a role is made to run another image or command.',
};
