import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSecrets } from '../../../lambdas/shared/adapters/runtime/secrets.ts';
import { makeSlackSecret } from '../../../lambdas/shared/adapters/slack/slack-secret.ts';
import { type Small, startSmall } from '../../sandbox/aws/small-endpoint.ts';

const FIVE_MINUTES_MS = 5 * 60_000;

let small: Small;
let client: SecretsManagerClient;
let nowMs = Date.parse('2026-11-20T22:00:00.000Z');
const secrets = () => makeSecrets({ client, clock: () => new Date(nowMs) });
beforeAll(async () => {
  small = await startSmall({});
  client = new SecretsManagerClient({
    endpoint: small.aws.url,
    region: 'eu-central-1',
    credentials: small.admin,
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await small.aws.close();
});

test('a secret is kept for five minutes, and then read anew: a rotated one needs no deployment', async () => {
  const reader = secrets();
  small.aws.secrets.put('rotated', 'before');
  expect(await reader.read('rotated')).toBe('before');
  small.aws.secrets.put('rotated', 'after');
  nowMs += FIVE_MINUTES_MS - 1;
  expect(await reader.read('rotated')).toBe('before');
  nowMs += 1;
  expect(await reader.read('rotated')).toBe('after');
});

test('a secret that there may not be is looked for each time', async () => {
  const reader = secrets();
  expect(await reader.find('enrolled-later')).toBeUndefined();
  small.aws.secrets.put('enrolled-later', 'there');
  expect(await reader.find('enrolled-later')).toBe('there');
  small.aws.secrets.put('enrolled-later', 'anew');
  expect(await reader.find('enrolled-later')).toBe('anew');
});

test('a secret that must be there and is not is a failure, and so is one that may not be read', async () => {
  await expect(secrets().read('missing')).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  const nobody = new SecretsManagerClient({
    endpoint: small.aws.url,
    region: 'eu-central-1',
    credentials: small.user('nobody', []),
    maxAttempts: 1,
  });
  const refused = makeSecrets({ client: nobody, clock: () => new Date(nowMs) });
  // Refused is not the same as missing: an approver must not count as not enrolled because of it.
  await expect(refused.find('rotated')).rejects.toMatchObject({
    name: 'DependencyUnavailable',
    message: 'Secrets Manager: AccessDeniedException',
  });
  nobody.destroy();
});

const SLACK = { botToken: 'xoxb-1', signingSecret: '0123456789abcdef', teamId: 'T0BANK' };

test("the Slack app's secret is read as what it must be", async () => {
  small.aws.secrets.put('slack', JSON.stringify(SLACK));
  expect(await makeSlackSecret({ secrets: secrets(), secretId: 'slack' })()).toEqual(SLACK);
});

test.each([
  ['no JSON', 'xoxb-hush'],
  ['no token', JSON.stringify({ ...SLACK, botToken: '' })],
  ['a signing secret that is too short', JSON.stringify({ ...SLACK, signingSecret: 'xoxb-hush' })],
  ['another team id', JSON.stringify({ ...SLACK, teamId: 'xoxb-hush' })],
])("the Slack app's secret with %s is refused, and not quoted", async (_, text) => {
  small.aws.secrets.put('slack', text);
  const said = await makeSlackSecret({ secrets: secrets(), secretId: 'slack' })().catch(String);
  expect(said).toContain('must be JSON with botToken, signingSecret and teamId');
  expect(said).not.toContain('hush');
});
