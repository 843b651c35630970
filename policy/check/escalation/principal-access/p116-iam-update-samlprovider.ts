import { does, type EscalationPath } from '../path.ts';

export const p116: EscalationPath = {
  id: 'P116',
  category: 'principal-access',
  severity: 'high',
  needs: [does('iam:UpdateSAMLProvider')],
  how: 'Roles that trust a SAML provider trust what the caller signs.',
};
