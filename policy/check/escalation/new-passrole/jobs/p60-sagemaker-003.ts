import { does, type EscalationPath, passRole } from '../../path.ts';

export const p60: EscalationPath = {
  id: 'P60',
  upstream: 'sagemaker-003',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('sagemaker'), does('sagemaker:CreateProcessingJob')],
  how: 'A new job runs an image of the caller with the role.',
};
