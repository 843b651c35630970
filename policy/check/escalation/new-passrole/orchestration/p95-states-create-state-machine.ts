import { anyOf, does, type EscalationPath, passRole } from '../../path.ts';

export const p95: EscalationPath = {
  id: 'P95',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('states'),
    does('states:CreateStateMachine'),
    anyOf('states:StartExecution', 'states:StartSyncExecution'),
  ],
  how: 'A new state machine calls any API of AWS with the role.',
};
