import { expect, test } from 'vitest';
import { checkDeployment } from '../../../infra/deploy/check-deployment.ts';
import { DEFAULT_SETTINGS } from '../../../infra/settings.ts';
import { synthOnce } from '../../support/synth-once.ts';
import { lineOf, PLACE, readyAccount } from './fake-account.ts';

const options = { settings: DEFAULT_SETTINGS, demo: true, env: {} };
const check = (changes: Partial<typeof readyAccount>, more: Partial<typeof options> = {}) =>
  // Account and region of the settings say where it goes, not what it is.
  checkDeployment({ ...readyAccount, ...changes }, { ...options, ...more }, ({ demo }) =>
    synthOnce({ demo, settings: DEFAULT_SETTINGS }),
  );
const isNotThere = async (): Promise<boolean> => false;
const failing = async () => {
  throw new Error('Could not load credentials from any providers');
};

test('an account that has everything is deployed to', async () => {
  const ready = await check({}, { env: { OPENAI_API_KEY: 'sk-test' } });
  expect(ready.place).toEqual(PLACE);
  expect(ready.values.get('postern/openai')).toBe('sk-test');
  // Of another account: nothing there is looked for from here.
  expect(ready.unseen).toEqual(['arn:aws:s3:::bank-treasury-444455556666/risk-figures/']);
});

test('a new account is deployed to where nothing is reserved', async () => {
  const settings = { ...DEFAULT_SETTINGS, frontDoorConcurrency: 'unreserved' as const };
  const concurrency = async () => ({ unreserved: 10, reservedByFrontDoor: 0 });
  expect((await check({ concurrency }, { settings })).isFirst).toBe(false);
});

test.each([
  ['no region', { region: failing }, {}, 'no region is set: set AWS_REGION'],
  [
    'no credentials',
    { account: failing },
    {},
    'there are no valid AWS credentials: sign in, or set AWS_PROFILE',
  ],
  [
    'credentials of no account',
    { account: async () => undefined },
    {},
    'there are no valid AWS credentials: sign in, or set AWS_PROFILE',
  ],
  [
    'credentials of another account',
    {},
    { settings: { ...DEFAULT_SETTINGS, account: '999999999999' } },
    'these credentials are of account 111122223333, and deployment.json names 999999999999: set AWS_PROFILE',
  ],
  [
    'another region',
    {},
    { settings: { ...DEFAULT_SETTINGS, region: 'us-east-1' } },
    'deployment.json names the region us-east-1, not eu-central-1: set AWS_REGION to it',
  ],
  [
    'an account that is not bootstrapped',
    { isBootstrapped: async () => false },
    {},
    'the account is not bootstrapped: run npx cdk bootstrap aws://111122223333/eu-central-1',
  ],
  [
    'a region without pipes',
    { region: async () => 'il-central-1' },
    {},
    'il-central-1 has no EventBridge Pipes, which Postern announces statuses by: deploy to another region',
  ],
  [
    'a new account, which has 10 simultaneous runs',
    { concurrency: async () => ({ unreserved: 10, reservedByFrontDoor: 0 }) },
    {},
    /^frontDoorConcurrency reserves 50 simultaneous runs, .* has 10 of the 150; set frontDoorConcurrency to "unreserved"/,
  ],
  [
    'a table that an earlier deployment left',
    { hasDeployment: isNotThere },
    {},
    /^the table \w+ is left of an earlier deployment: npm run teardown/,
  ],
  [
    'a deployment in another region',
    {
      hasDeployment: isNotThere,
      exists: async ({ typeName }: { typeName: string }) => typeName === 'AWS::IAM::Role',
    },
    {},
    /^Postern is deployed in another region of this account/,
  ],
  [
    'a secret without a value',
    { hasSecret: async () => false },
    {},
    /^the secret postern\/\w+ has no value: set [A-Z_, ]+ for this deployment$/,
  ],
  [
    'a resource that does not exist',
    { exists: async () => false },
    {},
    'catalog.json: bank_user_pool: there is no arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_PosternBank; correct its ARN, or take the entry out',
  ],
  [
    "the demo's catalog without the demo's tables",
    { exists: async () => false },
    { demo: false },
    /^catalog\.json: bank_balances: there is no arn:aws:dynamodb:eu-central-1:111122223333:table\/bank_balances/,
  ],
])('%s stops it before anything is deployed, with one line', async (_, account, more, line) => {
  expect(await lineOf(check(account, more))).toMatch(line);
});
