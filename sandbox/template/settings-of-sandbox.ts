import { readSettings, type Settings } from '../../infra/settings.ts';

/** One that the sandbox's own page receives, as it receives every other: nothing is sent to that address. */
const SHOWN_HERE = { name: 'on-call', url: 'https://on-call.example/postern' };

/** The organisation's settings, with a webhook, a topic, and doors for an identity provider and for facts to look at where it has none. Throws ConfigError. */
export function settingsOfSandbox(): Settings {
  const settings = readSettings();
  return {
    ...settings,
    webhooks: settings.webhooks.length > 0 ? settings.webhooks : [SHOWN_HERE],
    eventsTopic: true,
    scim: true,
    facts: true,
  };
}
