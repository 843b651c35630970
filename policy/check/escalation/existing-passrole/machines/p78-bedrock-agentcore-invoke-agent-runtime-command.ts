import { does, type EscalationPath } from '../../path.ts';

export const p78: EscalationPath = {
  id: 'P78',
  category: 'existing-passrole',
  severity: 'high',
  needs: [does('bedrock-agentcore:InvokeAgentRuntimeCommand')],
  how: 'A command is run in an agent runtime, with its role.',
};
