import { does, type EscalationPath, passRole } from '../../path.ts';

export const p115: EscalationPath = {
  id: 'P115',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('rolesanywhere'),
    does('rolesanywhere:CreateTrustAnchor'),
    does('rolesanywhere:CreateProfile'),
  ],
  how: 'Certificates of the caller open the role.',
};
