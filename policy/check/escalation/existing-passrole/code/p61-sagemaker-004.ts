import { does, type EscalationPath } from '../../path.ts';

export const p61: EscalationPath = {
  id: 'P61',
  upstream: 'sagemaker-004',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('sagemaker:CreatePresignedNotebookInstanceUrl')],
  how: 'A notebook that has a role is opened.',
};
