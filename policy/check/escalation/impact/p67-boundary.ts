import { anyOf, type EscalationPath } from '../path.ts';

export const p67: EscalationPath = {
  id: 'P67',
  category: 'impact',
  severity: 'high',
  needs: [
    anyOf(
      'iam:DeleteUserPermissionsBoundary',
      'iam:DeleteRolePermissionsBoundary',
      'iam:PutUserPermissionsBoundary',
      'iam:PutRolePermissionsBoundary',
    ),
  ],
  how: 'The boundary that holds a user or role is taken away, or changed.',
};
