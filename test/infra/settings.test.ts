import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, parseSettings } from '../../infra/settings.ts';
import { ConfigError } from '../../lambdas/shared/domain/config-error.ts';
import type { CfnValue } from '../../sandbox/template/types.ts';
import { synthOnce } from '../support/synth-once.ts';

test('every setting may be absent', () => {
  expect(parseSettings('{}')).toEqual(DEFAULT_SETTINGS);
  expect(DEFAULT_SETTINGS.openaiBaseUrl).toBe('https://api.openai.com/v1');
});

test('by default no state machine is called back, and no function may complete a task of any but the broker', () => {
  expect(DEFAULT_SETTINGS.callbackStateMachines).toEqual([]);
  const { Resources } = synthOnce({ demo: false, settings: DEFAULT_SETTINGS });
  const roles = Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
  const ending = roles
    .flatMap(({ Properties }) => (Properties?.Policies ?? []) as CfnValue[])
    .map((policy) => JSON.stringify(policy))
    .filter((policy) => policy.includes('states:SendTask'));
  expect(ending).toHaveLength(5);
  for (const policy of ending) expect(policy).not.toContain('SendTaskFailure');
  const frontDoor = JSON.stringify(
    Object.values(Resources).find(({ Properties }) => Properties?.FunctionName === 'postern-front-door'),
  );
  expect(frontDoor).toContain('"CALLBACKS_ALLOWED":"false"');
});

test.each([
  ['{', 'deployment.json: is not JSON'],
  ['{"openAiModel": "x"}', /deployment\.json: .*openAiModel/],
  ['{"openaiBaseUrl": "http://reviewer.example.com/v1"}', /openaiBaseUrl is not an https/],
  ['{"openaiBaseUrl": "https://localhost:4780/v1"}', /openaiBaseUrl is on one machine/],
  ['{"openaiBaseUrl": "https://127.0.0.1/v1"}', /openaiBaseUrl is on one machine/],
  ['{"allowedAccounts": ["1234"]}', /allowedAccounts\.0 is not an AWS account id/],
  ['{"allowedAccounts": ["*"]}', /allowedAccounts\.0 is not an AWS account id/],
  ['{"allowedOrganization": "*"}', /allowedOrganization is not an organisation id/],
  ['{"vpcEndpointId": "vpc-1"}', /vpcEndpointId is not a VPC endpoint id/],
  ['{"callbackStateMachines": ["access-request"]}', /callbackStateMachines\.0 is one of Postern's own/],
  ['{"callbackStateMachines": ["revoke-session"]}', /callbackStateMachines\.0 is one of Postern's own/],
  ['{"callbackStateMachines": ["*"]}', /callbackStateMachines\.0 is not the name of a state machine/],
  ['{"callbackStateMachines": ["arn:aws:states:x:1:stateMachine:y"]}', /is not the name of a state machine/],
  ['{"subjectIssuers": []}', /subjectIssuers/],
  ['{"frontDoorConcurrency": 0}', /frontDoorConcurrency/],
])('%s stops before anything is deployed', (text, problem) => {
  expect(() => parseSettings(text)).toThrow(problem);
  // Which npm start tells in one line.
  expect(() => parseSettings(text)).toThrow(ConfigError);
});
