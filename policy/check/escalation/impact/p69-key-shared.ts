import { anyOf, type EscalationPath } from '../path.ts';

export const p69: EscalationPath = {
  id: 'P69',
  category: 'impact',
  severity: 'high',
  needs: [
    [
      ...anyOf('kms:PutKeyPolicy', 'kms:ReplicateKey'),
      {
        action: 'kms:CreateGrant',
        // A grant for a service of AWS is what encryption takes.
        carries: { 'kms:GrantIsForAWSResource': ['false'] },
      },
    ],
  ],
  how: 'A key is opened to others, by its policy or by a grant.',
};
