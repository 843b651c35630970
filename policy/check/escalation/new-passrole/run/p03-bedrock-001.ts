import { does, type EscalationPath, passRole } from '../../path.ts';

export const p03: EscalationPath = {
  id: 'P03',
  upstream: 'bedrock-001',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('bedrock-agentcore'),
    does('bedrock-agentcore:CreateCodeInterpreter'),
    does('bedrock-agentcore:StartCodeInterpreterSession'),
    does('bedrock-agentcore:InvokeCodeInterpreter'),
  ],
  how: 'A new code interpreter runs code of the caller with the role.',
};
