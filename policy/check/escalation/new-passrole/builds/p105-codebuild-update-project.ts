import { anyOf, does, type EscalationPath, passRole } from '../../path.ts';

export const p105: EscalationPath = {
  id: 'P105',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('codebuild'),
    does('codebuild:UpdateProject'),
    anyOf('codebuild:StartBuild', 'codebuild:StartBuildBatch'),
  ],
  how: 'A project is given another role and other commands, and run.',
};
