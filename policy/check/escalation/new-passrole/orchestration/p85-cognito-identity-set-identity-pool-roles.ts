import { does, type EscalationPath, passRole } from '../../path.ts';

export const p85: EscalationPath = {
  id: 'P85',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('cognito-identity'), does('cognito-identity:SetIdentityPoolRoles')],
  how: 'An identity pool hands the role to whom the caller can sign in as.',
};
