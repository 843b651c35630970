import { anyOf, does, type EscalationPath } from '../../path.ts';

export const p96: EscalationPath = {
  id: 'P96',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('states:UpdateStateMachine'), anyOf('states:StartExecution', 'states:StartSyncExecution')],
  how: 'A state machine that has a role is given another definition, and started.',
};
