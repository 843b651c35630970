import { does, type EscalationPath, passRole } from '../../path.ts';

export const p90: EscalationPath = {
  id: 'P90',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('ec2'),
    does('imagebuilder:CreateComponent'),
    does('imagebuilder:CreateImageRecipe'),
    does('imagebuilder:CreateInfrastructureConfiguration'),
    does('imagebuilder:CreateImage'),
  ],
  how: 'An image is built by commands of the caller on a machine with the role.',
};
