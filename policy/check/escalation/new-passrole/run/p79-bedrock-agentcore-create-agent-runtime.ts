import { anyOf, does, type EscalationPath, passRole } from '../../path.ts';

export const p79: EscalationPath = {
  id: 'P79',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('bedrock-agentcore'),
    does('bedrock-agentcore:CreateAgentRuntime'),
    anyOf('bedrock-agentcore:InvokeAgentRuntimeCommand', 'bedrock-agentcore:InvokeAgentRuntime'),
  ],
  how: 'A new agent runtime runs an image of the caller with the role.',
};
