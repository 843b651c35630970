import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const manifest = JSON.parse(readFileSync('slack-app/manifest.json', 'utf8'));

/** Scopes of the methods that the app calls. @see https://docs.slack.dev/reference/methods */
const SCOPES: Record<string, string> = {
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'chat.delete': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'conversations.open': 'im:write',
  'usergroups.users.list': 'usergroups:read',
  'users.lookupByEmail': 'users:read.email',
};

test('the app asks Slack for the scopes that it needs, and no others', () => {
  const adapter = readFileSync('lambdas/shared/adapters/slack/slack.ts', 'utf8');
  const called = [...adapter.matchAll(/call\('([^']+)'/g)].map(([, method]) => method ?? '');
  const needed = new Set(
    called.flatMap((method) => SCOPES[method] ?? (method.startsWith('views.') ? [] : [`unknown: ${method}`])),
  );
  expect(manifest.oauth_config.scopes.bot.sort()).toEqual([...needed, 'commands'].sort());
});

test('its command is the one that is listened to, and buttons reach the same address', () => {
  const listeners = readdirSync('slack-app/listeners')
    .map((file) => readFileSync(`slack-app/listeners/${file}`, 'utf8'))
    .join('\n');
  const commands = [...listeners.matchAll(/app\.command\('([^']+)'/g)].map(([, command]) => command);
  expect(manifest.features.slash_commands.map(({ command }: { command: string }) => command)).toEqual(
    commands,
  );
  const [{ url }] = manifest.features.slash_commands;
  expect(manifest.settings.interactivity.request_url).toBe(url);
  expect(url).toMatch(/\/slack\/events$/);
});
