import { does, type EscalationPath } from '../path.ts';

export const p71: EscalationPath = {
  id: 'P71',
  category: 'self-escalation',
  severity: 'critical',
  needs: [does('iam:SetDefaultPolicyVersion')],
  how: 'A policy that the caller has is put back to an older, wider version.',
};
