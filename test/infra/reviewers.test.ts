import { expect, test } from 'vitest';
import { invokedFor } from '../../infra/bedrock-model.ts';
import { DEFAULT_SETTINGS, parseSettings } from '../../infra/settings.ts';
import { synthOnce } from '../support/synth-once.ts';

const PLACE = { partition: 'aws', region: 'eu-central-1', account: '111122223333' };

/** What review-request may do, and is told, where these settings are deployed. */
function reviewRequestWith(settings: object) {
  const { Resources } = synthOnce({ demo: false, settings: parseSettings(JSON.stringify(settings)) });
  const all = Object.values(Resources).map(({ Properties }) => Properties ?? {});
  const role = all.find(({ RoleName }) => RoleName === 'postern-review-request');
  const lambda = all.find(({ FunctionName }) => FunctionName === 'postern-review-request');
  const { Variables = {} } = (lambda?.Environment ?? {}) as { Variables?: Record<string, unknown> };
  return { policies: JSON.stringify(role?.Policies), variables: Variables };
}

test('as it is deployed by default, nothing of Bedrock is there', () => {
  const { policies, variables } = reviewRequestWith({});
  expect(policies).toContain('secretsmanager:GetSecretValue');
  expect(policies).not.toContain('bedrock');
  expect(Object.keys(variables).filter((name) => /BEDROCK|REVIEWERS/.test(name))).toEqual([]);
  expect(DEFAULT_SETTINGS.reviewers).toEqual(['openai']);
});

test('subjects are hidden from models where the setting says so, and shown where it says nothing', () => {
  expect(reviewRequestWith({}).variables).not.toHaveProperty('SUBJECTS_IN_PROMPTS');
  expect(reviewRequestWith({ subjectsInPrompts: 'hidden' }).variables).toMatchObject({
    SUBJECTS_IN_PROMPTS: 'hidden',
  });
  expect(() => parseSettings('{"subjectsInPrompts":"Hidden"}')).toThrow(/subjectsInPrompts/);
});

test('Bedrock alone: that one model of the region, and no secret', () => {
  const { policies, variables } = reviewRequestWith({
    reviewers: ['bedrock'],
    bedrockModel: 'amazon.nova-pro-v1:0',
  });
  expect(policies).not.toContain('secretsmanager');
  expect(policies.match(/bedrock:\w+/g)).toEqual(['bedrock:InvokeModel']);
  expect(policies).toContain('::foundation-model/amazon.nova-pro-v1:0');
  expect(variables).toMatchObject({ REVIEWERS: 'bedrock', BEDROCK_MODEL: 'amazon.nova-pro-v1:0' });
  expect(variables).not.toHaveProperty('OPENAI_SECRET_ID');
  expect(variables).not.toHaveProperty('OPENAI_BASE_URL');
});

test('an inference profile, and its model through that profile alone; OpenAI where that cannot be asked', () => {
  const { policies, variables } = reviewRequestWith({
    reviewers: ['bedrock', 'openai'],
    bedrockModel: 'eu.amazon.nova-pro-v1:0',
  });
  expect(policies).toContain('secretsmanager:GetSecretValue');
  expect(policies).toContain('bedrock:InferenceProfileArn');
  expect(policies).toContain(':inference-profile/eu.amazon.nova-pro-v1:0');
  expect(variables).toMatchObject({ REVIEWERS: 'bedrock,openai', OPENAI_MODEL: 'gpt-5-mini' });
});

test.each([
  ['amazon.nova-pro-v1:0', { direct: 'arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-pro-v1:0' }],
  [
    'eu.amazon.nova-pro-v1:0',
    {
      direct: 'arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.amazon.nova-pro-v1:0',
      through: {
        profile: 'arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.amazon.nova-pro-v1:0',
        model: 'arn:aws:bedrock:*::foundation-model/amazon.nova-pro-v1:0',
      },
    },
  ],
])('%s: what is invoked', (id, invoked) => {
  expect(invokedFor(id, PLACE)).toEqual(invoked);
});

test.each([
  [{ reviewers: ['bedrock'] }, /reviewers has "bedrock" where, and only where/],
  [{ bedrockModel: 'amazon.nova-pro-v1:0' }, /reviewers has "bedrock" where, and only where/],
  [{ reviewers: ['openai', 'openai'] }, /reviewers names a reviewer twice/],
  [{ reviewers: [] }, /reviewers/],
  [{ reviewers: ['a-friend'] }, /reviewers\.0/],
  [{ reviewers: ['bedrock'], bedrockModel: 'global.amazon.nova-pro-v1:0' }, /is a global inference profile/],
  [{ reviewers: ['bedrock'], bedrockModel: 'Claude' }, /bedrockModel is not the id/],
  [{ reviewers: ['bedrock'], bedrockModel: '*' }, /bedrockModel is not the id/],
  [{ reviewers: ['bedrock'], bedrockModel: 'amazon.nova*' }, /bedrockModel is not the id/],
])('%j stops before anything is deployed', (settings, problem) => {
  expect(() => parseSettings(JSON.stringify(settings))).toThrow(problem);
});
