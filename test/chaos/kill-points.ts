import type { FunctionCall } from './faults.ts';
import type { Random } from './random.ts';

/** Where the process dies: at a call of a function, before it reaches the service or once that has carried it out. */
export type KillPoint = {
  readonly functionName: string;
  /** Which of that function's calls; or the first of this operation. */
  readonly call: number | string;
  readonly when: 'before' | 'after';
};

/** Every state's function that calls anything, and the two that stand before and beside the workflow. */
const FUNCTIONS = [
  'front-door',
  'load-policy',
  'review-request',
  'validate-decision',
  'request-approval',
  'slack-app',
  'tally-votes',
  'await-claim',
  'assume-role',
  'write-log',
];

/** The worst moments there are: a session is minted, a record is written, a vote is cast, and nothing after it. */
const WORST: readonly KillPoint[] = [
  { functionName: 'assume-role', call: 'AssumeRole', when: 'before' },
  { functionName: 'assume-role', call: 'AssumeRole', when: 'after' },
  { functionName: 'write-log', call: 'PutItem', when: 'after' },
  { functionName: 'write-log', call: 'UpdateItem', when: 'after' },
  { functionName: 'front-door', call: 'StartExecution', when: 'before' },
  { functionName: 'front-door', call: 'SendTaskSuccess', when: 'before' },
];

/** A point before and a point after a call of every state, which call by chance, and the worst ones. */
export const killPointsOf = (random: Random): KillPoint[] => [
  ...FUNCTIONS.flatMap((functionName) =>
    (['before', 'after'] as const).map((when) => ({
      functionName,
      call: 1 + Math.floor(random() * 3),
      when,
    })),
  ),
  ...WORST,
];

/** Dies without a word, as a killed process does, once it comes to the point. */
export function makeKiller({ functionName, call, when }: KillPoint) {
  let seen = 0;
  const passes = (invocation: FunctionCall, moment: KillPoint['when']): void => {
    if (moment !== when || invocation.functionName !== functionName) return;
    if (typeof call === 'string' && invocation.operation !== call) return;
    seen += 1;
    if (typeof call === 'string' || seen === call) process.kill(process.pid, 'SIGKILL');
  };
  return {
    before: (invocation: FunctionCall) => passes(invocation, 'before'),
    after: (invocation: FunctionCall) => passes(invocation, 'after'),
  };
}
