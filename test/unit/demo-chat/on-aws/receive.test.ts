import { expect, test } from 'vitest';
import { makeReceive } from '../../../../demo/chat-on-aws/receive.ts';
import type { RefusalCode } from '../../../../demo/chat-on-aws/refusals.ts';
import type { Told } from '../../../../demo/chat-on-aws/told.ts';
import type { TokenVerdict } from '../../../../lambdas/shared/domain/identity/token-verdict.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const ORIGIN = 'https://chat.bank.example';
const SUBJECT = { issuer: 'https://login.bank.example', id: 'c-1042' };

type Changes = {
  verdict?: TokenVerdict;
  counts?: boolean;
  taken?: RefusalCode;
  begin?: () => Promise<void>;
  isGone?: boolean;
};

/** The receiver, with all that it did in order. */
function receiver({ verdict, counts = true, taken, begin = async () => {}, isGone }: Changes = {}) {
  const done: string[] = [];
  const told: Told[] = [];
  const receive = makeReceive({
    origin: () => ORIGIN,
    async verify(token) {
      done.push(`verify ${token}`);
      return verdict ?? { outcome: 'verified', subject: SUBJECT };
    },
    chats: {
      async count() {
        done.push('count');
        return counts;
      },
      async take(_, { isNew }) {
        done.push(`take ${isNew ? 'new' : 'old'}`);
        return taken;
      },
      async giveUp() {
        done.push('give up');
      },
      async forget(connectionId) {
        done.push(`forget ${connectionId}`);
      },
    },
    async begin({ say, subject, token }) {
      done.push(`begin ${say} as ${subject.id} by ${token}`);
      await begin();
    },
    connections: {
      async post(_, each) {
        told.push(each);
        return !isGone;
      },
      async close() {
        done.push('close');
      },
    },
    clock: () => NOW,
    warn: () => {},
  });
  return { receive, done, told };
}

const eventOf = (routeKey: string, more: object = {}, connectedAt = NOW.getTime()) => ({
  requestContext: { routeKey, connectionId: 'L0SM9', connectedAt },
  ...more,
});
const message = (body: string, connectedAt?: number) => eventOf('$default', { body }, connectedAt);
const SAID = JSON.stringify({ token: 'a.b.c', say: ' Hello?\r\nAgain. ' });

test.each<[string, object, number]>([
  ['the chat’s page', { headers: { Origin: ORIGIN } }, 200],
  ['the same, in small letters', { headers: { origin: ORIGIN } }, 200],
  ['another page', { headers: { Origin: 'https://evil.example' } }, 403],
  ['a page of a name that only begins so', { headers: { Origin: `${ORIGIN}.evil.example` } }, 403],
  ['no page', {}, 403],
  ['a token in the address', { headers: { Origin: ORIGIN }, queryStringParameters: { token: 'a.b.c' } }, 403],
  ['a subprotocol', { headers: { Origin: ORIGIN, 'Sec-WebSocket-Protocol': 'a.b.c' } }, 403],
  ['a token in a header', { headers: { Origin: ORIGIN, Authorization: 'Bearer a.b.c' } }, 403],
])('a connection by %s', async (_, more, statusCode) => {
  const { receive, done } = receiver();
  expect(await receive(eventOf('$connect', more))).toEqual({ statusCode });
  // Whoever only connects has nothing looked up, written or told.
  expect(done).toEqual([]);
});

test('a disconnect forgets the conversation', async () => {
  const { receive, done } = receiver();
  await receive(eventOf('$disconnect'));
  expect(done).toEqual(['forget L0SM9']);
});

test('whose it is is verified before anything else; then it is counted, taken and begun', async () => {
  const { receive, done, told } = receiver();
  await receive(message(SAID));
  expect(done).toEqual(['verify a.b.c', 'count', 'take new', 'begin Hello?\nAgain. as c-1042 by a.b.c']);
  expect(told).toEqual([]);
});

test('a connection that waited a minute may go on, and not begin', async () => {
  const { receive, done } = receiver();
  await receive(message(SAID, NOW.getTime() - 60_001));
  expect(done).toContain('take old');
});

test.each<[RefusalCode, Changes, string[]]>([
  ['signed_out', { verdict: { outcome: 'invalid', because: 'the token has expired' } }, ['close']],
  ['unavailable', { verdict: { outcome: 'unavailable', because: 'the issuer timed out' } }, []],
  ['too_often', { counts: false }, ['count']],
  ['busy', { taken: 'busy' }, ['count', 'take new']],
  ['full', { taken: 'full' }, ['count', 'take new']],
  ['late', { taken: 'late' }, ['count', 'take new', 'close']],
  ['another_customer', { taken: 'another_customer' }, ['count', 'take new', 'close']],
])('%s is told, and ends what it must', async (code, changes, after) => {
  const { receive, done, told } = receiver(changes);
  await receive(message(SAID));
  expect(done).toEqual(['verify a.b.c', ...after]);
  expect(told).toMatchObject([{ kind: 'refused', code }]);
});

test('what could not be handed on is given up, so that it can be said again', async () => {
  const { receive, done, told } = receiver({ begin: () => Promise.reject(new Error('SQS')) });
  await receive(message(SAID));
  expect(done.at(-1)).toBe('give up');
  expect(told).toMatchObject([{ code: 'unavailable' }]);
});

test('of a message that is none nothing is verified; a connection that is gone is not closed again', async () => {
  const { receive, done } = receiver({ isGone: true });
  await receive(message('no JSON'));
  expect(done).toEqual([]);
});

test('a binary message, and an event of another kind', async () => {
  const { receive, told } = receiver();
  await receive(eventOf('$default', { body: Buffer.from(SAID).toString('base64'), isBase64Encoded: true }));
  expect(told).toMatchObject([{ code: 'not_a_message' }]);
  await expect(receive(eventOf('$other'))).rejects.toThrow();
});
