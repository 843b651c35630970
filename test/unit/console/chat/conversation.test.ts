import { expect, test } from 'vitest';
import { type AgentStep, type ChatAgent, ModelDown } from '../../../../console/chat/chat-agent.ts';
import { makeConversation } from '../../../../console/chat/conversation.ts';
import { makeConversations } from '../../../../console/chat/conversations.ts';
import type { BaseSession } from '../../../../console/sign-in/cookies.ts';

type Hear = (step: AgentStep) => void;
/** A conversation with an agent that does as a test says. */
function talkTo(play: (hear: Hear) => ChatAgent) {
  const defects: unknown[] = [];
  let started = 0;
  const conversation = makeConversation({
    customer: 'c-1042',
    subjectToken: async () => 'a.b.c',
    startAgent({ onStep }) {
      started += 1;
      return play(onStep);
    },
    onDefect: (error) => defects.push(error),
  });
  const kinds = () =>
    conversation
      .since(0)
      .entries.map((entry) => [entry.kind, 'text' in entry ? entry.text : entry.card.state]);
  return { conversation, defects, kinds, started: () => started };
}

test('a message is answered by calls, each of which has its card, and by words', async () => {
  const { conversation, kinds } = talkTo((hear) => async () => {
    hear({ kind: 'call', tool: 'run_dynamodb_operation', args: '{}' });
    hear({ kind: 'result', text: '{"error":"AccessDeniedException"}' });
    hear({ kind: 'text', piece: 'I have ' });
    hear({ kind: 'text', piece: 'no access.' });
  });
  expect(conversation.send('My balance?')).toBe('taken');
  await conversation.settled();
  expect(kinds()).toEqual([
    ['customer', 'My balance?'],
    ['card', 'denied'],
    ['agent', 'I have no access.'],
  ]);
});

test('whoever follows is told of every change, once, in its order', async () => {
  const steps = Promise.withResolvers<void>();
  const { conversation } = talkTo((hear) => async () => {
    hear({ kind: 'text', piece: 'one' });
    await steps.promise;
    hear({ kind: 'text', piece: ' two' });
  });
  conversation.send('Hello?');
  const first = conversation.nextChange();
  await first;
  const seen = conversation.since(0);
  const next = conversation.nextChange();
  steps.resolve();
  await next;
  const later = conversation.since(seen.version);
  expect(later.entries.map((entry) => 'text' in entry && entry.text)).toEqual(['one two']);
  await conversation.settled();
  expect(conversation.since(later.version).entries).toEqual([]);
});

test('while it answers it takes no other message', async () => {
  const held = Promise.withResolvers<void>();
  const { conversation } = talkTo(() => () => held.promise);
  expect([conversation.send('One?'), conversation.send('Two?')]).toEqual(['taken', 'busy']);
  held.resolve();
  await conversation.settled();
  expect([conversation.isBusy(), conversation.send('Three?')]).toEqual([false, 'taken']);
});

test.each([
  ['a model that is down', new ModelDown(), /model does not answer/, 0],
  ['a defect', new Error('secret-token'), /broke off/, 1],
])('%s is told, without its message, and the agent starts anew', async (_what, thrown, said, count) => {
  const { conversation, kinds, defects, started } = talkTo(() => () => {
    throw thrown;
  });
  conversation.send('Hello?');
  await conversation.settled();
  expect(kinds()).toEqual([
    ['customer', 'Hello?'],
    ['problem', expect.stringMatching(said)],
  ]);
  expect(JSON.stringify(kinds())).not.toContain('secret');
  expect(defects.length).toBe(count);
  conversation.send('Again?');
  await conversation.settled();
  expect(started()).toBe(2);
});

test('an answer that does not end is cut, and a conversation is full one day', async () => {
  const { conversation, kinds } = talkTo((hear) => async () => {
    for (let nth = 0; nth < 100; nth += 1) hear({ kind: 'text', piece: 'x'.repeat(1000) });
  });
  conversation.send('Hello?');
  await conversation.settled();
  expect(kinds()[1]?.[1]?.length).toBe(8000);
  let outcome = 'taken';
  for (let nth = 0; nth < 200 && outcome === 'taken'; nth += 1) {
    outcome = conversation.send('More?');
    await conversation.settled();
  }
  expect(outcome).toBe('full');
});

test('once it is over, nothing more is heard or taken', async () => {
  const held = Promise.withResolvers<void>();
  const { conversation, kinds } = talkTo((hear) => async () => {
    await held.promise;
    hear({ kind: 'text', piece: 'too late' });
  });
  conversation.send('Hello?');
  conversation.end();
  held.resolve();
  await conversation.settled();
  expect([kinds(), conversation.send('Still there?')]).toEqual([[['customer', 'Hello?']], 'full']);
});

const sessionOf = (csrf: string, who = 'c-1042', token = 'a.b.c'): BaseSession => ({
  token,
  endsAtMs: 0,
  csrf,
  who,
  beganAtMs: 0,
});

function openPlace() {
  let nowMs = Date.parse('2026-11-30T12:00:00Z');
  const tokens: string[] = [];
  const held: PromiseWithResolvers<void>[] = [];
  const place = makeConversations({
    clock: () => new Date(nowMs),
    onDefect: () => {},
    startAgent:
      ({ subjectToken }) =>
      async (message) => {
        tokens.push(await subjectToken());
        if (message !== 'Wait.') return;
        const waits = Promise.withResolvers<void>();
        held.push(waits);
        await waits.promise;
      },
  });
  const pass = (minutes: number) => {
    nowMs += minutes * 60_000;
  };
  const release = () => {
    for (const { resolve } of held) resolve();
  };
  return { place, tokens, pass, release };
}
const opened = (place: ReturnType<typeof makeConversations>, session: BaseSession) => {
  const found = place.open(session);
  if (!found) throw new Error('there is no room');
  return found;
};

test('a conversation is of one sign-in: to any other it is not there', () => {
  const { place } = openPlace();
  const { id, conversation } = opened(place, sessionOf('first'));
  expect(place.find(id, sessionOf('first'))).toBe(conversation);
  expect(place.find(id, sessionOf('second', 'c-2077'))).toBeUndefined();
  expect(place.find(id, sessionOf('third', 'c-1042'))).toBeUndefined();
  place.endAll(sessionOf('second', 'c-2077'));
  expect(conversation.isOver()).toBe(false);
  place.endAll(sessionOf('first'));
  expect([conversation.isOver(), place.find(id, sessionOf('first'))]).toEqual([true, undefined]);
});

test('an agent asks with the newest token of whoever is signed in', async () => {
  const { place, tokens } = openPlace();
  const { id, conversation } = opened(place, sessionOf('first', 'c-1042', 'old.b.c'));
  conversation.send('One?');
  await conversation.settled();
  place.find(id, sessionOf('first', 'c-1042', 'new.b.c'));
  conversation.send('Two?');
  await conversation.settled();
  expect(tokens).toEqual(['old.b.c', 'new.b.c']);
});

test('half an hour after its last use it is forgotten, unless it is being answered', async () => {
  const { place, pass, release } = openPlace();
  const idle = opened(place, sessionOf('first'));
  const busy = opened(place, sessionOf('first'));
  busy.conversation.send('Wait.');
  pass(29);
  expect(place.find(idle.id, sessionOf('first'))).toBeDefined();
  pass(31);
  expect(place.find(idle.id, sessionOf('first'))).toBeUndefined();
  expect(idle.conversation.isOver()).toBe(true);
  expect(place.find(busy.id, sessionOf('first'))).toBeDefined();
  release();
});

test('one sign-in has eight, of which the oldest that is idle gives way; all together have two hundred', async () => {
  const { place, pass, release } = openPlace();
  const first = opened(place, sessionOf('first'));
  first.conversation.send('Wait.');
  const others = Array.from({ length: 7 }, () => {
    pass(1);
    return opened(place, sessionOf('first'));
  });
  const ninth = opened(place, sessionOf('first'));
  expect([first, ...others, ninth].map(({ conversation }) => conversation.isOver())).toEqual([
    false,
    true,
    ...Array(7).fill(false),
  ]);
  for (const { conversation } of [...others.slice(1), ninth]) conversation.send('Wait.');
  expect(place.open(sessionOf('first'))).toBeUndefined();
  let room = 8;
  while (place.open(sessionOf(`other ${room}`))) room += 1;
  expect(room).toBe(200);
  release();
});
