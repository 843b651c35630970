import { does, type EscalationPath } from '../../path.ts';

export const p26: EscalationPath = {
  id: 'P26',
  upstream: 'glue-002',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('glue:UpdateDevEndpoint')],
  how: 'A key of the caller opens an endpoint that has a role.',
};
