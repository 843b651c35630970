import { ACCOUNT_ID } from '../../demo/place.ts';
import { demoPrincipals } from '../../demo/principals.ts';
import type { Person } from './workspace.ts';

/** The demo's people, each with their Slack user. */
export const slackPeople = (): Person[] =>
  demoPrincipals('', ACCOUNT_ID).flatMap(({ principal: { id, type, slackUserId } }) =>
    type === 'human' && slackUserId ? [{ userId: slackUserId, name: id }] : [],
  );
