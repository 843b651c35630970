import { anyOf, does, type EscalationPath } from '../../path.ts';

export const p106: EscalationPath = {
  id: 'P106',
  category: 'existing-passrole',
  severity: 'high',
  needs: [
    does('codebuild:StartSandbox'),
    anyOf('codebuild:StartSandboxConnection', 'codebuild:StartCommandExecution'),
  ],
  how: 'A sandbox of a project that has a role runs commands of the caller.',
};
