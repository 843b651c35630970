import { anyOf, does, type EscalationPath, passRole } from '../../path.ts';

export const p108: EscalationPath = {
  id: 'P108',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('sagemaker'),
    does('sagemaker:CreateModel'),
    anyOf('sagemaker:CreateTransformJob', 'sagemaker:CreateEndpoint'),
  ],
  how: 'A new model runs an image of the caller with the role.',
};
