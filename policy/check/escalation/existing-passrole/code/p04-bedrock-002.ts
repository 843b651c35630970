import { does, type EscalationPath } from '../../path.ts';

export const p04: EscalationPath = {
  id: 'P04',
  upstream: 'bedrock-002',
  category: 'existing-passrole',
  severity: 'high',
  needs: [
    does('bedrock-agentcore:StartCodeInterpreterSession'),
    does('bedrock-agentcore:InvokeCodeInterpreter'),
  ],
  how: 'An interpreter that has a role runs code of the caller.',
};
