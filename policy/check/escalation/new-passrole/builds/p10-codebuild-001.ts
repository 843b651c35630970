import { does, type EscalationPath, passRole } from '../../path.ts';

export const p10: EscalationPath = {
  id: 'P10',
  upstream: 'codebuild-001',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('codebuild'), does('codebuild:CreateProject'), does('codebuild:StartBuild')],
  how: 'A new project runs commands of the caller with the role.',
};
