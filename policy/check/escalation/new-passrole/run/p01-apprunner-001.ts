import { does, type EscalationPath, passRole } from '../../path.ts';

export const p01: EscalationPath = {
  id: 'P01',
  upstream: 'apprunner-001',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('tasks.apprunner', 'build.apprunner'), does('apprunner:CreateService')],
  how: 'A new service runs an image of the caller with the role.',
};
