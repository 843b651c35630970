import { readdirSync, readFileSync } from 'node:fs';
import validate from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { CLAIM_WAIT_SECONDS } from '../../../lambdas/shared/adapters/workflows/claim-wait.ts';
import { endByError } from '../../../lambdas/shared/domain/end-reasons.ts';
import * as errors from '../../../lambdas/shared/domain/errors.ts';

type Condition = { Variable?: string; StringEquals?: string; IsPresent?: boolean };
type State = {
  Type: string;
  Resource?: string;
  Next?: string;
  Default?: string;
  Choices?: (Condition & { And?: Condition[]; Next: string })[];
  Catch?: { ErrorEquals: string[]; Next: string }[];
  Retry?: { ErrorEquals: string[]; MaxAttempts?: number; IntervalSeconds?: number; BackoffRate?: number }[];
  Parameters?: { FunctionName?: string; Payload?: { claimSeconds?: number } };
  TimeoutSeconds?: number;
  TimeoutSecondsPath?: string;
};
const definition: { StartAt: string; States: Record<string, State> } = JSON.parse(
  readFileSync('statemachines/access-request.asl.json', 'utf8'),
);
const states = Object.entries(definition.States);
const tasks = states.filter(([, state]) => state.Type === 'Task');

const inWords = ({ Variable, StringEquals, IsPresent }: Condition) =>
  IsPresent ? `${Variable} there` : `${Variable}=${StringEquals}`;

/** Every way from a state to another, with what leads there. */
function edges(): { from: string; to: string; by: string }[] {
  return states.flatMap(([from, state]) => [
    ...(state.Next ? [{ from, to: state.Next, by: 'next' }] : []),
    ...(state.Default ? [{ from, to: state.Default, by: 'default' }] : []),
    ...(state.Choices ?? []).map((choice) => ({
      from,
      to: choice.Next,
      by: (choice.And ?? [choice]).map(inWords).join(' and '),
    })),
    ...(state.Catch ?? []).map((catcher) => ({ from, to: catcher.Next, by: `catch ${catcher.ErrorEquals}` })),
  ]);
}
const into = (to: string) => edges().filter((edge) => edge.to === to);

test('is valid ASL, once its references are filled in', () => {
  const filledIn = JSON.stringify(definition)
    .replace(/\$\{\w+FunctionArn\}/g, 'arn:aws:lambda:eu-central-1:123456789012:function:any')
    .replace(/\$\{[\w:]*Partition\}/g, 'aws');
  const { isValid, errorsText } = validate(JSON.parse(filledIn));
  expect(errorsText('; ')).toBe('');
  expect(isValid).toBe(true);
});

describe('the only way to a session', () => {
  test("into AwaitClaim: the verdict's grant, and nothing else", () => {
    expect(into('AwaitClaim')).toEqual([
      { from: 'RouteVerdict', to: 'AwaitClaim', by: '$.verdict.outcome=grant' },
    ]);
  });
  test('into RouteVerdict: ValidateDecision, and nothing else', () => {
    expect(into('RouteVerdict')).toEqual([{ from: 'ValidateDecision', to: 'RouteVerdict', by: 'next' }]);
  });
  test('into AssumeRole: a claim, or a grant that was claimed ahead; into Issued: WriteLog, and nothing else', () => {
    expect(into('AssumeRole')).toEqual([
      {
        from: 'RouteVerdict',
        to: 'AssumeRole',
        by: '$.verdict.outcome=grant and $.verdict.claimAhead there',
      },
      { from: 'AwaitClaim', to: 'AssumeRole', by: 'next' },
    ]);
    expect(into('WriteLog')).toEqual([{ from: 'AssumeRole', to: 'WriteLog', by: 'next' }]);
    expect(into('Issued')).toEqual([{ from: 'WriteLog', to: 'Issued', by: 'next' }]);
  });
  test("into ApplyChange: the verdict's apply, and nothing else", () => {
    expect(into('ApplyChange')).toEqual([
      { from: 'RouteVerdict', to: 'ApplyChange', by: '$.verdict.outcome=apply' },
    ]);
  });
  test('the execution starts at LoadPolicy, and nothing leads back to it', () => {
    expect(definition.StartAt).toBe('LoadPolicy');
    expect(into('LoadPolicy')).toEqual([]);
  });
  test('only ValidateDecision writes the verdict', () => {
    const writers = states.filter(
      ([, state]) => (state as { ResultPath?: string }).ResultPath === '$.verdict',
    );
    expect(writers.map(([name]) => name)).toEqual(['ValidateDecision']);
  });
});

/** `${LoadPolicyFunctionArn}` names the folder `load-policy`. */
function folderOf(state: State): string {
  const reference = state.Parameters?.FunctionName ?? state.Resource ?? '';
  const name = /^\$\{(\w+)FunctionArn\}$/.exec(reference)?.[1];
  if (!name) throw new Error(`no function in ${reference}`);
  return name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
}
const kebab = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

describe('states and functions', () => {
  test('each Task state is named after the folder of its function; WriteOutcome is the one exception', () => {
    const others = tasks.filter(([name, state]) => kebab(name) !== folderOf(state));
    expect(others.map(([name, state]) => [name, folderOf(state)])).toEqual([['WriteOutcome', 'write-log']]);
  });
  test('every lambda folder is a state, or in this list', () => {
    const folders = readdirSync('lambdas', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    const invoked = new Set(tasks.map(([, state]) => folderOf(state)));
    expect(folders.filter((folder) => !invoked.has(folder)).sort()).toEqual([
      'access-reviews',
      'cast-vote',
      'events',
      'front-door',
      'lift-revocation',
      'list-catalog',
      'read-records',
      'revoke-session',
      'scim',
      'shared',
      'take-fact',
      'token-door',
    ]);
    expect([...invoked].filter((folder) => !folders.includes(folder))).toEqual([]);
  });
  test('the last states are named for the outcomes', () => {
    const last = states.filter(([, state]) => state.Type === 'Succeed').map(([name]) => name);
    expect(last).toEqual(['Issued', 'Applied', 'Allowed', 'Denied', 'Expired', 'Cancelled']);
    expect(states.filter(([, state]) => state.Type === 'Fail').map(([name]) => name)).toEqual(['Failed']);
  });
  test('no Pass states, and every Task has a timeout and a catch for everything, but for the last', () => {
    expect(states.filter(([, state]) => state.Type === 'Pass')).toEqual([]);
    for (const [name, state] of tasks) {
      expect([name, state.TimeoutSeconds ?? state.TimeoutSecondsPath]).not.toEqual([name, undefined]);
      // Where WriteOutcome itself fails, the execution fails by its error, and close-request closes the row.
      const last = name === 'WriteOutcome' ? undefined : ['States.ALL'];
      expect([name, state.Catch?.at(-1)?.ErrorEquals]).toEqual([name, last]);
    }
  });
  test('the requester is told the claim time that the state really waits', () => {
    const { TimeoutSeconds, Parameters } = definition.States.AwaitClaim ?? {};
    expect(Parameters?.Payload?.claimSeconds).toBe(TimeoutSeconds);
  });
});

describe('what is sealed', () => {
  const { AssumeRole, ApplyChange, AwaitClaim } = definition.States;
  test.each([
    ['AssumeRole', AssumeRole],
    ['ApplyChange', ApplyChange],
  ])('%s is told which execution presents it', (_, state) => {
    expect(state?.Parameters).toEqual({ 'state.$': '$', 'executionName.$': '$$.Execution.Name' });
  });
  test("a seal outlasts the claim's wait, the steps around it, and their retries", () => {
    /** Seconds that a step may take with all its retries, the pauses between them at their longest. */
    const longest = ({ TimeoutSeconds = 0, Retry = [] }: State) =>
      Retry.reduce((sum, { MaxAttempts = 3, IntervalSeconds = 1, BackoffRate = 2 }) => {
        const pauses = Array.from({ length: MaxAttempts }, (_, nth) => IntervalSeconds * BackoffRate ** nth);
        return sum + MaxAttempts * TimeoutSeconds + pauses.reduce((all, pause) => all + pause, 0);
      }, TimeoutSeconds);
    if (!AwaitClaim || !AssumeRole) throw new Error('a state is gone');
    expect(CLAIM_WAIT_SECONDS).toBe(AwaitClaim.TimeoutSeconds);
    // A wait that was entered is not entered again: AwaitClaim repeats what fails within the function's own time.
    expect(CLAIM_WAIT_SECONDS + longest(AssumeRole)).toBeLessThan(2 * CLAIM_WAIT_SECONDS);
  });
});

test('the error names of the ASL are the typed errors of the code', () => {
  const named = tasks.flatMap(([, state]) => [...(state.Catch ?? []), ...(state.Retry ?? [])]);
  const own = named.flatMap((entry) => entry.ErrorEquals).filter((name) => !/^(States|Lambda)\./.test(name));
  const classes = Object.values(errors).map((Class) => new Class('').name);
  expect([...new Set(own)].sort()).toEqual(classes.sort());
});

test('every error that the ASL names ends a request by a reason of its own', () => {
  const named = tasks.flatMap(([, state]) => [...(state.Catch ?? []), ...(state.Retry ?? [])]);
  const names = [...new Set(named.flatMap((entry) => entry.ErrorEquals))].filter((it) => it !== 'States.ALL');
  const ends = names.map((name) => endByError(name).reason);
  expect(ends).not.toContain('unexpected_error');
  expect(new Set(ends).size).toBe(names.length);
});

test('what the ASL catches as a denial is one, and nothing else is', () => {
  const denied = Object.values(errors)
    .map((Class) => new Class('').name)
    .filter((name) => endByError(name).outcome === 'denied');
  expect(denied.sort()).toEqual([
    'ChangeStale',
    'PolicyMissing',
    'PrincipalSuspended',
    'PrincipalUnknown',
    'SessionPolicyTooLarge',
    'SessionTooWide',
    'StandingChanged',
  ]);
});
