import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { correlationIn, correlationOf } from '../../../lambdas/shared/adapters/runtime/correlation.ts';
import { logger } from '../../../lambdas/shared/adapters/runtime/logger.ts';
import { runStep, runWorkflowStep } from '../../../lambdas/shared/adapters/runtime/run-step.ts';
import { count } from '../../../lambdas/shared/domain/measurement.ts';

const REQUEST = { requestId: 'analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G', principalId: 'analyst1' };
const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:access-request';

let logged: unknown[];
let printed: string[];
beforeEach(() => {
  logged = [];
  printed = [];
  const note = (...said: unknown[]) => void logged.push(said);
  vi.spyOn(logger, 'info').mockImplementation(note);
  vi.spyOn(logger, 'error').mockImplementation(note);
  // Powertools prints measurements on a console of its own.
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => printed.push(String(line)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('a step is made at its first event, and once: importing a handler makes no client', async () => {
  let made = 0;
  const handler = runStep('tally-votes', () => {
    made += 1;
    return async (event) => event;
  });
  expect(made).toBe(0);
  expect([await handler('one'), await handler('two'), made]).toEqual(['one', 'two', 1]);
});

test('what a step answers is logged by the ids of its request, and not itself', async () => {
  const handler = runStep('assume-role', () => async () => ({ secretAccessKey: 'hush' }));
  await handler({ request: REQUEST, reason: 'hush' });
  expect(logged).toEqual([
    [
      'step done',
      {
        step: 'assume-role',
        ms: expect.any(Number),
        sourceIdentity: 'analyst1',
        requestId: REQUEST.requestId,
      },
    ],
  ]);
  expect(JSON.stringify(logged)).not.toContain('hush');
});

test('a step that fails fails as it did, and is logged by the name of its error alone', async () => {
  const failure = Object.assign(new Error('hush'), { name: 'StandingChanged' });
  const handler = runStep('assume-role', () => async () => Promise.reject(failure), {
    failed: () => [count('ReviewerFailures')],
  });
  await expect(handler({ state: { request: REQUEST } })).rejects.toBe(failure);
  expect(logged).toEqual([
    ['step failed', expect.objectContaining({ error: 'StandingChanged', requestId: REQUEST.requestId })],
  ]);
  expect(printed.join('')).toContain('"ReviewerFailures":1');
  expect(JSON.stringify([logged, printed])).not.toContain('hush');
});

test('a step that cannot be made is a failure of that event, and is made anew at the next', async () => {
  let tries = 0;
  const handler = runStep('load-policy', () => {
    tries += 1;
    if (tries === 1) throw new Error('POLICIES_TABLE is not set');
    return async () => 'done';
  });
  await expect(handler({})).rejects.toThrow('POLICIES_TABLE is not set');
  expect(await handler({})).toBe('done');
});

test('a request is known to Step Functions by its execution, and to X-Ray by its trace', () => {
  vi.stubEnv('STATE_MACHINE_ARN', MACHINE);
  vi.stubEnv(
    '_X_AMZN_TRACE_ID',
    'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
  );
  expect(correlationOf(REQUEST.requestId, 'analyst1')).toEqual({
    requestId: REQUEST.requestId,
    executionArn: `${MACHINE.replace(':stateMachine:', ':execution:')}:${REQUEST.requestId}`,
    traceId: '1-5759e988-bd862e3fe1be46a994272793',
    sourceIdentity: 'analyst1',
  });
});

test.each([
  ['a state', { request: REQUEST }, REQUEST.requestId],
  ['a state beside the token of a wait', { state: { request: REQUEST }, taskToken: 'x' }, REQUEST.requestId],
  ['something else', { Records: [] }, undefined],
  ['nothing', undefined, undefined],
])('%s is about the request that it names', (_, event, requestId) => {
  expect(correlationIn(event)?.requestId).toBe(requestId);
});

test("a step's event is parsed once, for the step and its measurements", async () => {
  let parses = 0;
  const schema = {
    parse(event: unknown) {
      parses += 1;
      return { parsed: event };
    },
  };
  const seen: unknown[] = [];
  const note = (input: unknown) => {
    seen.push(input);
    return [];
  };
  const handler = runWorkflowStep('load-policy', schema, () => async (input) => void note(input), {
    done: note,
  });
  await handler('event');
  expect([parses, seen]).toEqual([1, [{ parsed: 'event' }, { parsed: 'event' }]]);
});

test('an event that does not parse runs nothing, and is logged as a failure', async () => {
  const parse = () => {
    throw Object.assign(new Error('hush'), { name: 'ZodError' });
  };
  let made = 0;
  const handler = runWorkflowStep('load-policy', { parse }, () => {
    made += 1;
    return async () => 'ran';
  });
  await expect(handler({})).rejects.toThrow();
  expect(made).toBe(0);
  expect(logged).toEqual([['step failed', expect.objectContaining({ error: 'ZodError' })]]);
});
