import { does, type EscalationPath } from '../../path.ts';

export const p09: EscalationPath = {
  id: 'P09',
  upstream: 'cloudformation-005',
  category: 'new-passrole',
  severity: 'high',
  needs: [does('cloudformation:CreateChangeSet'), does('cloudformation:ExecuteChangeSet')],
  how: 'A change set alters a stack with the role that the stack has.',
};
