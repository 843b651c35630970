import { does, type EscalationPath } from '../../path.ts';

export const p110: EscalationPath = {
  id: 'P110',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('sagemaker:CreatePresignedDomainUrl')],
  how: 'A studio whose profile has a role is opened.',
};
