import { does, type EscalationPath, passRole } from '../../path.ts';

export const p59: EscalationPath = {
  id: 'P59',
  upstream: 'sagemaker-002',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('sagemaker'), does('sagemaker:CreateTrainingJob')],
  how: 'A new job runs an image of the caller with the role.',
};
