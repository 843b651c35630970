import { does, type EscalationPath, passRole } from '../../path.ts';

export const p58: EscalationPath = {
  id: 'P58',
  upstream: 'sagemaker-001',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('sagemaker'), does('sagemaker:CreateNotebookInstance')],
  how: 'A new notebook has the role.',
};
