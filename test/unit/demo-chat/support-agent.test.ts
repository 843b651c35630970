import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AgentStep, ModelDown } from '../../../console/chat/chat-agent.ts';
import { scenesFor } from '../../../demo/chat/scenes.ts';
import { makeChatApi } from '../../../demo/chat/serve-model.ts';
import { supportAgentOf } from '../../../demo/chat/support-agent.ts';
import { REGION } from '../../../demo/place.ts';
import { modelIn } from '../../../sandbox/chat/start-chat.ts';
import { listenLocally } from '../../../sandbox/listen-locally.ts';

const NOWHERE = 'http://127.0.0.1:1';
const called: { model: unknown; authorization: string | undefined }[] = [];
const bodies: string[] = [];
let status = 200;
let endpoint: Awaited<ReturnType<typeof listenLocally>>;
beforeAll(async () => {
  const app = new Hono()
    .use(async (c, next) => {
      const body = await c.req.raw.clone().text();
      const { model } = JSON.parse(body) as { model: unknown };
      bodies.push(body);
      called.push({ model, authorization: c.req.header('authorization') });
      if (status !== 200) return c.json({ error: { message: 'no' } }, status as 401);
      return next();
    })
    .route('/v1', makeChatApi());
  endpoint = await listenLocally(0, (request) => app.fetch(request));
});
afterAll(() => endpoint.close());

/** The steps by which a message is answered, where the model is what the environment says. */
async function talk(env: Record<string, string>, message: string): Promise<AgentStep[]> {
  const steps: AgentStep[] = [];
  const start = supportAgentOf({
    api: `${NOWHERE}/api`,
    aws: NOWHERE,
    region: REGION,
    identity: {
      credentials: async () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'of-this-test-alone' }),
      region: async () => REGION,
    },
    model: () => modelIn(env, `${NOWHERE}/v1`),
  });
  const onStep = (step: AgentStep) => void steps.push(step);
  const agent = await start({ customer: 'c-1042', subjectToken: async () => 'a.b.c', onStep });
  await agent(message);
  return steps;
}
const environment = () => ({
  OPENAI_API_KEY: 'sk-of-this-test',
  OPENAI_BASE_URL: `${endpoint.url}/v1`,
  OPENAI_MODEL: 'a-model',
});

test("the environment's endpoint answers, by its key and its model, piece by piece", async () => {
  const steps = await talk(environment(), 'Hello.');
  const pieces = steps.flatMap((step) => (step.kind === 'text' ? [step.piece] : []));
  expect(pieces.length).toBeGreaterThan(5);
  expect(pieces.join('')).toContain('I can look up your balance');
  expect(called).toEqual([{ model: 'a-model', authorization: 'Bearer sk-of-this-test' }]);
});

test.each([401, 429, 500])('an endpoint that answers %i is a model that is down', async (answered) => {
  status = answered;
  await expect(talk(environment(), 'Hello.')).rejects.toThrow(ModelDown);
  status = 200;
});

test('so is one that does not answer', async () => {
  await expect(talk({}, 'Hello.')).rejects.toThrow(ModelDown);
});

test.each(['c-1042', 'c-2077', 'c-3111'])(
  'what %s is offered to try is about themselves, or about another',
  (id) => {
    const told = Object.fromEntries(scenesFor(id).map(({ name, message }) => [name, message]));
    expect(Object.keys(told)).toEqual(['own', 'ticket', 'other', 'injection']);
    const [other] = /c-\d{4}/.exec(told.injection ?? '') ?? [];
    expect([other === id, told.other?.includes(other ?? 'nobody')]).toEqual([false, true]);
  },
);

describe('a customer who is hidden from the model', () => {
  /** The whole of each call of the model, and what the customer was shown. */
  async function talkHidden(id: string, message: string) {
    bodies.length = 0;
    const steps: AgentStep[] = [];
    const start = supportAgentOf({
      ...{ api: `${NOWHERE}/api`, aws: NOWHERE, region: REGION, customerInPrompts: 'hidden' },
      identity: {
        credentials: async () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'of-this-test-alone' }),
        region: async () => REGION,
      },
      model: () => modelIn(environment(), ''),
    });
    const agent = await start({
      ...{ customer: id, subjectToken: async () => 'a.b.c', onStep: (step) => void steps.push(step) },
      earlier: [{ who: 'customer', text: `I am ${id}.` }],
    });
    await agent(message);
    const shown = steps.map((step) => (step.kind === 'text' ? step.piece : JSON.stringify(step))).join('');
    return { sent: bodies.join('\n'), shown };
  }

  test.each(['c-1042', 'auth0|5f7c-99'])('%s is in no call, and in what is shown and called', async (id) => {
    const { sent, shown } = await talkHidden(id, `What is the balance of ${id.toUpperCase()}?`);
    expect(bodies.length).toBeGreaterThan(2);
    expect(sent.toLowerCase()).not.toContain(id);
    expect(sent).toContain('customer who is signed in is [subject].');
    expect(shown).toContain(`\\"userId\\":\\"${id}\\"`);
    expect(shown).toContain(`I am sorry, I have no access to the balance of ${id}`);
    expect(shown).not.toContain('[subject]');
  });
});
