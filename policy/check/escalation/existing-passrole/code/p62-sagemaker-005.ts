import { does, type EscalationPath } from '../../path.ts';

export const p62: EscalationPath = {
  id: 'P62',
  upstream: 'sagemaker-005',
  category: 'existing-passrole',
  severity: 'high',
  needs: [
    does('sagemaker:CreateNotebookInstanceLifecycleConfig'),
    does('sagemaker:StopNotebookInstance'),
    does('sagemaker:UpdateNotebookInstance'),
    does('sagemaker:StartNotebookInstance'),
  ],
  how: 'A notebook that has a role runs a script of the caller when it starts.',
};
