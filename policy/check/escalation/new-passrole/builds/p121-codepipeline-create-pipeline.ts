import { anyOf, type EscalationPath, passRole } from '../../path.ts';

export const p121: EscalationPath = {
  id: 'P121',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('codepipeline'), anyOf('codepipeline:CreatePipeline', 'codepipeline:UpdatePipeline')],
  how: 'A pipeline acts with the role.',
};
