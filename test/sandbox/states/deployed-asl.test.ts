import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { adaptDefinition } from '../../../sandbox/states/adapt-definition.ts';
import type { AslDefinition } from '../../../sandbox/states/asl-types.ts';
import { eventually, functionArn, type Handler, makeStates } from './support/make-states.ts';

const source = readFileSync(
  new URL('../../../statemachines/access-request.asl.json', import.meta.url),
  'utf8',
);
const definition = JSON.parse(
  source.replace(/\$\{([^}]+)\}/g, (_all, name: string) =>
    name === 'Partition' ? 'aws' : functionArn(name.replace('FunctionArn', '')),
  ),
) as AslDefinition;

const approval = { waitSeconds: 60 };
const error = (name: string): never => {
  throw Object.assign(new Error(`${name} happened`), { name });
};

/** The deployed definition over functions that answer what a test says. */
function makeFlow(handlers: Record<string, Handler>, clockSpeed = 2000) {
  const tokens: string[] = [];
  const states = makeStates(
    definition,
    {
      LoadPolicy: () => ({ policy: 'p' }),
      ReviewRequest: () => ({ outcome: 'proposal' }),
      AwaitClaim: ({ taskToken }) => void tokens.push(String(taskToken)),
      RequestApproval: ({ taskToken }) => void tokens.push(String(taskToken)),
      TallyVotes: ({ wake }) => ({ wake }),
      AssumeRole: () => ({ accessKeyId: 'ASIA' }),
      ApplyChange: () => ({ version: 2 }),
      WriteLog: (state) => ({ outcome: state.session ? 'issued' : state.applied ? 'applied' : 'denied' }),
      ...handlers,
    },
    { clockSpeed },
  );
  return {
    states,
    token: (n = 0) => eventually(() => tokens[n]),
    async run(request = { dryRun: false }) {
      await states.start('one', { request });
      return states.ended('one');
    },
    async path() {
      const entered = (await states.history('one')).filter(({ type }) => type.endsWith('StateEntered'));
      return entered.map(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name);
    },
  };
}

describe('the engine runs the deployed definition', () => {
  test('to a session, through a claim', async () => {
    const flow = makeFlow({ ValidateDecision: () => ({ outcome: 'grant' }) }, 1);
    await flow.states.start('one', { request: { dryRun: false } });
    await flow.states.call('SendTaskSuccess', {
      taskToken: await flow.token(),
      output: '{"recipientKey":{}}',
    });
    expect(await flow.states.ended('one')).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"outcome":"issued"}',
    });
    expect(await flow.path()).toEqual([
      'LoadPolicy',
      'ReviewRequest',
      'ValidateDecision',
      'RouteVerdict',
      'AwaitClaim',
      'AssumeRole',
      'WriteLog',
      'Issued',
    ]);
  });

  test('through three reviews, two approval waits (woken, then timed out) to a denial', async () => {
    const verdicts = [
      { outcome: 'retry_review' },
      { outcome: 'needs_approval', approval: { waitSeconds: 2_000_000 } },
      { outcome: 'needs_approval', approval },
      { outcome: 'deny' },
    ];
    const wakes: unknown[] = [];
    const flow = makeFlow({
      ValidateDecision: () => verdicts.shift(),
      TallyVotes: ({ wake }) => void wakes.push(wake),
    });
    await flow.states.start('one', { request: { dryRun: false } });
    await flow.states.call('SendTaskSuccess', { taskToken: await flow.token(), output: '{"forged":"vote"}' });
    expect(await flow.states.ended('one')).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"outcome":"denied"}',
    });
    expect(wakes).toEqual([{ by: 'token' }, { Error: 'States.Timeout', Cause: '' }]);
    expect(await flow.path()).toEqual([
      'LoadPolicy',
      ...['ReviewRequest', 'ValidateDecision', 'RouteVerdict'],
      ...['ReviewRequest', 'ValidateDecision', 'RouteVerdict'],
      ...['RequestApproval', 'TallyVotes', 'ValidateDecision', 'RouteVerdict'],
      ...['RequestApproval', 'TallyVotes', 'ValidateDecision', 'RouteVerdict'],
      ...['WriteOutcome', 'RouteOutcome', 'Denied'],
    ]);
  });

  test('a channel that cannot be reached is retried, then becomes evidence', async () => {
    const verdicts = [{ outcome: 'needs_approval', approval: { waitSeconds: 600_000 } }, { outcome: 'deny' }];
    const flow = makeFlow({
      ValidateDecision: () => verdicts.shift(),
      RequestApproval: () => error('ApprovalChannelUnavailable'),
    });
    await flow.run();
    expect(flow.states.invoked.filter((name) => name === 'RequestApproval')).toHaveLength(3);
    expect(await flow.path()).toContain('TallyVotes');
  });

  test('an unclaimed grant ends without credentials', async () => {
    const flow = makeFlow({ ValidateDecision: () => ({ outcome: 'grant' }) }, 10_000);
    await flow.run();
    expect(await flow.path()).toEqual(expect.arrayContaining(['AwaitClaim', 'WriteOutcome']));
    expect(flow.states.invoked).not.toContain('AssumeRole');
  });

  test('a dry run ends with its verdict', async () => {
    const flow = makeFlow({ ValidateDecision: () => ({ outcome: 'grant' }) });
    await flow.run({ dryRun: true });
    expect((await flow.path()).slice(-4)).toEqual(['RouteVerdict', 'WriteOutcome', 'RouteOutcome', 'Denied']);
  });

  test('a change is applied', async () => {
    const flow = makeFlow({ ValidateDecision: () => ({ outcome: 'apply' }) });
    expect((await flow.run()).output).toBe('{"outcome":"applied"}');
    expect((await flow.path()).at(-1)).toBe('Applied');
  });

  test('an error that is caught and logged as a failure ends FAILED with its reason', async () => {
    const flow = makeFlow({
      ReviewRequest: () => error('ReviewerUnavailable'),
      WriteLog: () => ({ outcome: 'failed', reason: 'reviewer_unavailable' }),
    });
    expect(await flow.run()).toMatchObject({ status: 'FAILED', error: 'reviewer_unavailable' });
    expect(flow.states.invoked.filter((name) => name === 'ReviewRequest')).toHaveLength(3);
    expect(flow.states.closed).toHaveLength(1);
  });

  test('a log that cannot be written is retried five times, then the execution FAILS', async () => {
    const flow = makeFlow({
      ValidateDecision: () => ({ outcome: 'deny' }),
      WriteLog: () => error('DependencyUnavailable'),
    });
    expect(await flow.run()).toMatchObject({ status: 'FAILED', error: 'DependencyUnavailable' });
    expect(flow.states.invoked.filter((name) => name === 'WriteLog')).toHaveLength(6);
  });
});

type Catching = { Catch?: { ErrorEquals: string[]; Next: string }[] };

/** Every way a step can fail that the definition names, and where it leads; any other error is `Boom`. */
const failures = Object.entries(definition.States).flatMap(([state, { Catch = [] }]: [string, Catching]) =>
  Catch.flatMap(({ ErrorEquals, Next }) =>
    ErrorEquals.filter((name) => name !== 'States.Timeout').map(
      (name) => [state, name === 'States.ALL' ? 'Boom' : name, Next] as const,
    ),
  ),
);

/** The verdict by which the flow gets as far as a step. */
function verdictToReach(state: string): string {
  if (state === 'ApplyChange') return 'apply';
  return ['RequestApproval', 'TallyVotes'].includes(state) ? 'needs_approval' : 'grant';
}

describe('every failure that the definition catches', () => {
  test.each(failures)('%s failing by %s leads to %s', async (state, name, next) => {
    const verdicts = [{ outcome: verdictToReach(state), approval }, { outcome: 'deny' }];
    const fails: Handler = (input) =>
      state === 'WriteLog' && input.error ? { outcome: 'failed', reason: 'x' } : error(name);
    const flow = makeFlow(
      {
        ValidateDecision: () => verdicts.shift(),
        WriteLog: ({ error: caught }) => ({ outcome: caught ? 'failed' : 'denied', reason: 'x' }),
        [state]: fails,
      },
      100,
    );
    await flow.states.start('one', { request: { dryRun: false } });
    if (['AssumeRole', 'WriteLog'].includes(state)) {
      await flow.states.call('SendTaskSuccess', {
        taskToken: await flow.token(),
        output: '{"recipientKey":{}}',
      });
    }
    await flow.states.ended('one');
    const path = await flow.path();
    expect(path[path.lastIndexOf(state) + 1]).toBe(next);
    expect(path).not.toContain('Issued');
  });
});

describe('what the engine would do otherwise than AWS', () => {
  const withState = (state: object): AslDefinition => ({
    StartAt: 'A',
    States: { A: { Type: 'Task', Resource: functionArn('a'), End: true, ...state } },
  });

  test.each([
    [{ HeartbeatSeconds: 5 }, 'HeartbeatSeconds'],
    [{ Assign: { a: 1 } }, 'Assign'],
    [{ Type: 'Map' }, 'Map'],
    [{ Type: 'Parallel' }, 'Parallel'],
    [{ Parameters: { 'name.$': '$$.State.Name' } }, '$$.State'],
    [{ Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'A' }] }, 'States.TaskFailed'],
  ])('is refused at boot: %j', (state, named) => {
    expect(() => adaptDefinition(withState(state))).toThrow(named);
  });

  test('the definition given is left as it is', () => {
    const before = structuredClone(definition);
    adaptDefinition(definition, 10);
    expect(definition).toEqual(before);
  });
});
