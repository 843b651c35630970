import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, parseSettings } from '../../infra/settings.ts';

test('every setting may be absent', () => {
  expect(parseSettings('{}')).toEqual(DEFAULT_SETTINGS);
  expect(DEFAULT_SETTINGS.openaiBaseUrl).toBe('https://api.openai.com/v1');
});

test.each([
  ['{', 'deployment.json is not JSON'],
  ['{"openAiModel": "x"}', /deployment\.json: .*openAiModel/],
  ['{"openaiBaseUrl": "http://reviewer.example.com/v1"}', /openaiBaseUrl is not an https/],
  ['{"openaiBaseUrl": "https://localhost:4780/v1"}', /openaiBaseUrl is on one machine/],
  ['{"openaiBaseUrl": "https://127.0.0.1/v1"}', /openaiBaseUrl is on one machine/],
  ['{"allowedAccounts": ["1234"]}', /allowedAccounts\.0 is not an AWS account id/],
  ['{"allowedAccounts": ["*"]}', /allowedAccounts\.0 is not an AWS account id/],
  ['{"allowedOrganization": "*"}', /allowedOrganization is not an organisation id/],
  ['{"vpcEndpointId": "vpc-1"}', /vpcEndpointId is not a VPC endpoint id/],
  ['{"frontDoorConcurrency": 0}', /frontDoorConcurrency/],
])('%s stops before anything is deployed', (text, problem) => {
  expect(() => parseSettings(text)).toThrow(problem);
});
