import { does, type EscalationPath, passRole } from '../../path.ts';

export const p25: EscalationPath = {
  id: 'P25',
  upstream: 'glue-001',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('glue'), does('glue:CreateDevEndpoint')],
  how: 'A new endpoint, opened by a key of the caller, has the role.',
};
