import { does, type EscalationPath, passRole } from '../../path.ts';

export const p87: EscalationPath = {
  id: 'P87',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('emr-serverless'), does('emr-serverless:StartJobRun')],
  how: 'A job runs code of the caller with the role.',
};
