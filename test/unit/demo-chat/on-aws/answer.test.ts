import { expect, test } from 'vitest';
import type { AgentStart, ChatAgent } from '../../../../console/chat/chat-agent.ts';
import { makeAnswer } from '../../../../demo/chat-on-aws/answer.ts';
import type { ConversationRow } from '../../../../demo/chat-on-aws/conversation-row.ts';
import type { Work } from '../../../../demo/chat-on-aws/sealed-work.ts';
import type { Told } from '../../../../demo/chat-on-aws/told.ts';

const WORK: Work = {
  connectionId: 'L0SM9',
  run: 'run-1',
  subject: { issuer: 'https://login.bank.example', id: 'c-1042' },
  token: 'a.b.c',
  say: 'My balance?',
};
const ROW: ConversationRow = {
  owner: 'o',
  said: 2,
  turns: [
    { who: 'customer', text: 'Hello.' },
    { who: 'agent', text: 'Good morning.' },
  ],
  entries: 2,
};

type Changes = {
  row?: ConversationRow | 'none';
  post?: (told: Told) => boolean;
  mostMs?: number;
};

function worker(
  play: (start: AgentStart) => ChatAgent,
  { row = ROW, post = () => true, mostMs = 10_000 }: Changes = {},
) {
  const told: Told[] = [];
  const finished: { turns: readonly unknown[]; entries: number }[] = [];
  const done: string[] = [];
  const starts: AgentStart[] = [];
  const answer = makeAnswer({
    open: async (sealed) => (sealed === 'sealed' ? WORK : undefined),
    chats: {
      begin: async () => {
        done.push('begin');
        return row === 'none' ? undefined : row;
      },
      finish: async (_, what) => {
        done.push('finish');
        finished.push(what);
      },
      forget: async () => void done.push('forget'),
    },
    connections: {
      async post(_, each) {
        told.push(each);
        return post(each);
      },
    },
    startAgent(start) {
      starts.push(start);
      return play(start);
    },
    mostMs,
    clock: () => new Date('2026-11-30T12:00:00Z'),
    log: () => {},
    onDefect: (error) => done.push(`defect ${error instanceof Error ? error.message : ''}`),
  });
  const run = (body = 'sealed') => answer({ Records: [{ body }] });
  return { run, told, finished, done, starts };
}
const words = (told: readonly Told[]) =>
  told.flatMap((each) => (each.kind === 'entry' ? [[each.entry.id, each.entry.text]] : []));

test('the agent is told of what was said, and of who; its page of every step, numbered on', async () => {
  const { run, told, finished, done, starts } = worker(({ onStep }) => async (message) => {
    onStep({ kind: 'text', piece: `You said ${message}` });
  });
  await run();
  expect(starts).toMatchObject([{ customer: 'c-1042', earlier: ROW.turns }]);
  expect(await starts[0]?.subjectToken()).toBe('a.b.c');
  expect(words(told).at(-1)).toEqual([3, 'You said My balance?']);
  expect(words(told)[0]).toEqual([2, 'My balance?']);
  expect(finished).toEqual([
    {
      entries: 4,
      turns: [
        ...ROW.turns,
        { who: 'customer', text: 'My balance?' },
        { who: 'agent', text: 'You said My balance?' },
      ],
    },
  ]);
  // The next message is taken before the page is told that it may be sent.
  expect([done, told.at(-1)]).toEqual([['begin', 'finish'], { kind: 'state', state: 'idle' }]);
});

test.each([
  ['what was not sealed for it', 'another', ROW],
  ['what is over, or was answered before', 'sealed', 'none'],
] as const)('%s is not answered', async (_, body, row) => {
  const { run, told, starts, done } = worker(() => async () => {}, { row });
  await run(body);
  expect([starts, told, done]).toEqual([[], [], body === 'sealed' ? ['begin'] : []]);
});

test('whoever has gone stops the agent: it is aborted, nothing is stored, and the conversation is forgotten', async () => {
  let aborted: unknown;
  const { run, finished, done } = worker(
    ({ onStep, signal }) =>
      async () => {
        onStep({ kind: 'text', piece: 'one' });
        await new Promise((_, reject) =>
          signal?.addEventListener('abort', () => {
            aborted = signal.reason;
            reject(signal.reason);
          }),
        );
      },
    { post: (told) => told.kind !== 'entry' || told.entry.text !== 'one' },
  );
  await run();
  expect(aborted).toBeInstanceOf(DOMException);
  expect([finished, done]).toEqual([[], ['begin', 'forget']]);
});

test('an answer that takes too long is ended, and said so', async () => {
  const { run, told, done } = worker(
    ({ signal }) =>
      () =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    { mostMs: 5 },
  );
  await run();
  expect(done).toEqual(['begin', 'finish']);
  expect(told.slice(-2)).toMatchObject([
    { kind: 'refused', code: 'too_slow' },
    { kind: 'state', state: 'idle' },
  ]);
});

test('an answer that breaks off is told, and the conversation goes on', async () => {
  const { run, told, done, finished } = worker(() => () => Promise.reject(new Error('a defect')));
  await run();
  expect(words(told).at(-1)?.[1]).toContain('The answer broke off.');
  expect(done).toEqual(['begin', 'defect a defect', 'finish']);
  expect(finished[0]?.turns).toEqual([...ROW.turns, { who: 'customer', text: 'My balance?' }]);
});
