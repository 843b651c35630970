import { anyOf, does, type EscalationPath, passRole } from '../../path.ts';

export const p131: EscalationPath = {
  id: 'P131',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('amplify'), anyOf('amplify:CreateApp', 'amplify:UpdateApp'), does('amplify:StartJob')],
  how: 'An application is built by commands of the caller with the role.',
};
