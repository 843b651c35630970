import { DEFAULT_SETTINGS, type Settings } from '../../infra/settings.ts';
import { parseIssuers } from '../../lambdas/shared/adapters/config/read-issuers.ts';
import type { CfnTemplate } from '../../sandbox/template/types.ts';
import { synthOnce } from './synth-once.ts';

export const CHAT: NonNullable<Settings['chat']> = {
  issuer: 'customers',
  clientId: 'chat-client',
  scope: 'openid',
};

/** Issuers of a demo bank, one of which signs its customers in. */
export const chatIssuers = parseIssuers(
  JSON.stringify({
    version: 1,
    issuers: [
      {
        name: 'customers',
        issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab1',
        subjects: { audiences: ['chat-client', 'another-app'], clients: ['chat-client'] },
      },
    ],
  }),
);

/** The template of a demo bank with its chat. */
export const templateWithChat = (chat: Settings['chat'] = CHAT): CfnTemplate =>
  synthOnce({ demo: true, settings: { ...DEFAULT_SETTINGS, chat }, issuers: chatIssuers });
