import { does, type EscalationPath, passRole } from '../../path.ts';

export const p14: EscalationPath = {
  id: 'P14',
  upstream: 'datapipeline-001',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('datapipeline', 'elasticmapreduce', 'ec2'),
    does('datapipeline:CreatePipeline'),
    does('datapipeline:PutPipelineDefinition'),
    does('datapipeline:ActivatePipeline'),
  ],
  how: 'A new pipeline runs commands of the caller on machines with the role.',
};
