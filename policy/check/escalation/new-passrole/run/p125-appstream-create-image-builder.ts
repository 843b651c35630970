import { anyOf, type EscalationPath, passRole } from '../../path.ts';

export const p125: EscalationPath = {
  id: 'P125',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('appstream'),
    anyOf('appstream:CreateImageBuilder', 'appstream:CreateFleet'),
    anyOf('appstream:CreateImageBuilderStreamingURL', 'appstream:CreateStreamingURL'),
  ],
  how: 'A new desktop has the role, and is opened.',
};
