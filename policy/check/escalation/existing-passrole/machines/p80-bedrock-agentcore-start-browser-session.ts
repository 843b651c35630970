import { does, type EscalationPath } from '../../path.ts';

export const p80: EscalationPath = {
  id: 'P80',
  category: 'existing-passrole',
  severity: 'high',
  needs: [
    does('bedrock-agentcore:StartBrowserSession'),
    does('bedrock-agentcore:ConnectBrowserAutomationStream'),
  ],
  how: 'A browser that has a role is driven by the caller.',
};
