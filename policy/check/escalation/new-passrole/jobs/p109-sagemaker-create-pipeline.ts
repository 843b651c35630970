import { does, type EscalationPath, passRole } from '../../path.ts';

export const p109: EscalationPath = {
  id: 'P109',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('sagemaker'), does('sagemaker:CreatePipeline'), does('sagemaker:StartPipelineExecution')],
  how: 'A new pipeline runs jobs of the caller with the role.',
};
