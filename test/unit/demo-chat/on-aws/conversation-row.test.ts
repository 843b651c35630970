import { expect, test } from 'vitest';
import {
  type ConversationRow,
  mayBegin,
  ownerOf,
  turnsAfter,
  whyNotTaken,
} from '../../../../demo/chat-on-aws/conversation-row.ts';
import { readSaid } from '../../../../demo/chat-on-aws/read-said.ts';

const row: ConversationRow = { owner: 'ann', said: 1, turns: [], entries: 0 };
const asked = { owner: 'ann', nowSeconds: 1000 };

test.each<[string, ConversationRow | undefined, string]>([
  ['late', undefined, 'a conversation that never began'],
  ['another_customer', { ...row, owner: 'bea', said: 99, busyUntil: 9999 }, 'whatever else is in the way'],
  ['full', { ...row, said: 60, busyUntil: 9999 }, 'even where it is busy'],
  ['busy', { ...row, busyUntil: 1000 }, 'to the second'],
  ['unavailable', { ...row, busyUntil: 999 }, 'where what was in the way is gone'],
])('%s: %s', (code, found) => expect(whyNotTaken(found, asked)).toBe(code));

test('an owner is an issuer and a subject, and no two of them are taken for one another', () => {
  const owners = [
    { issuer: 'https://a.example', id: 'b' },
    { issuer: 'https://a.example","b', id: '' },
    { issuer: 'https://a.exampleb', id: '' },
    { issuer: 'https://a.example', id: 'B' },
  ].map(ownerOf);
  expect(new Set(owners).size).toBe(4);
  expect(owners[0]).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  [60_000, true],
  [60_001, false],
])('a connection that is %i ms old may begin: %s', (age, expected) => {
  expect(mayBegin(5, 5 + age)).toBe(expected);
});

test('an agent is told of the last twenty turns, each cut', () => {
  const turns = Array.from({ length: 30 }, (_, nth) => ({ who: 'agent' as const, text: `${nth}` }));
  const told = turnsAfter(turns, [{ who: 'customer', text: 'x'.repeat(9000) }]);
  expect([told.length, told[0]?.text, told.at(-1)?.text.length]).toEqual([20, '11', 4000]);
});

test('a message at its bounds', () => {
  const said = (say: string, token = 't') => readSaid(JSON.stringify({ token, say }));
  expect(said('x'.repeat(2000))).toMatchObject({ token: 't' });
  expect(said('x'.repeat(2001))).toBe('too_long');
  // Four bytes a character, and the longest token: still within what is read.
  expect(said('😀'.repeat(1000), 'x'.repeat(8192))).toMatchObject({ say: '😀'.repeat(1000) });
  expect(readSaid(undefined)).toBe('not_a_message');
});
