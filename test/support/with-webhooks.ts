import { DEFAULT_SETTINGS, type Settings } from '../../infra/settings.ts';
import type { CfnTemplate } from '../../sandbox/template/types.ts';
import { synthOnce } from './synth-once.ts';

/** Two webhooks, one of which is told of ends alone. */
export const WEBHOOKS: Settings['webhooks'] = [
  { name: 'pager', url: 'https://events.pager.example/postern' },
  { name: 'chat', url: 'https://relay.bank.example/teams', events: ['decided'] },
];

/** The template of a deployment that tells others: by webhooks, and by a topic. */
export const templateWithWebhooks = (): CfnTemplate =>
  synthOnce({ demo: true, settings: { ...DEFAULT_SETTINGS, webhooks: WEBHOOKS, eventsTopic: true } });
