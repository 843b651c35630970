import { anyOf, type EscalationPath, passRole } from '../../path.ts';

export const p107: EscalationPath = {
  id: 'P107',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('sagemaker'),
    anyOf(
      'sagemaker:CreateHyperParameterTuningJob',
      'sagemaker:CreateAutoMLJob',
      'sagemaker:CreateAutoMLJobV2',
    ),
  ],
  how: 'A new job runs an image of the caller with the role.',
};
