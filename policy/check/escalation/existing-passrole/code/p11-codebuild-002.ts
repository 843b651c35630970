import { does, type EscalationPath } from '../../path.ts';

export const p11: EscalationPath = {
  id: 'P11',
  upstream: 'codebuild-002',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('codebuild:StartBuild')],
  how: 'A build of a project that has a role is started with other commands.',
};
