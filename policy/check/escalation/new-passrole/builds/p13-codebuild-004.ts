import { does, type EscalationPath, passRole } from '../../path.ts';

export const p13: EscalationPath = {
  id: 'P13',
  upstream: 'codebuild-004',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('codebuild'), does('codebuild:CreateProject'), does('codebuild:StartBuildBatch')],
  how: 'A new project runs commands of the caller with the role.',
};
