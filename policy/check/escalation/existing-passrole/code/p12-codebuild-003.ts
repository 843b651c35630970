import { does, type EscalationPath } from '../../path.ts';

export const p12: EscalationPath = {
  id: 'P12',
  upstream: 'codebuild-003',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('codebuild:StartBuildBatch')],
  how: 'A batch of a project that has a role is started with other commands.',
};
