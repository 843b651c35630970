import { anyOf, does, type EscalationPath, passRole } from '../../path.ts';

export const p111: EscalationPath = {
  id: 'P111',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('sagemaker'),
    anyOf(
      'sagemaker:CreateDomain',
      'sagemaker:CreateUserProfile',
      'sagemaker:UpdateUserProfile',
      'sagemaker:UpdateDomain',
    ),
    does('sagemaker:CreatePresignedDomainUrl'),
  ],
  how: 'A studio is given the role, and opened.',
};
