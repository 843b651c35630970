import { readdirSync } from 'node:fs';
import type { TimedCall } from '../../sandbox/aws/types.ts';
import type { Cloud } from '../support/start-cloud.ts';

/** A call of AWS by a function of the broker. */
export type FunctionCall = TimedCall & { readonly functionName: string };

/** A function's own session: the sandbox names it after the function. */
const SESSION = /:assumed-role\/postern-([^/]+)\/postern-\1$/;

/** Invoked by streams and what they feed, some time after what they tell of: nobody waits for them. */
const BY_STREAMS = new Set(readdirSync('lambdas/events'));

/** Sees what the broker's functions call, those that streams invoke apart, since the last look. */
export function watchCalls({ aws }: Pick<Cloud, 'aws'>) {
  let seen: FunctionCall[] = [];
  aws.time((call) => {
    const functionName = SESSION.exec(call.callerArn)?.[1];
    if (functionName) seen.push({ ...call, functionName });
  });
  return {
    /** What was called since the last look: on the way to the answer, and by streams. */
    take(): { onTheWay: FunctionCall[]; byStreams: FunctionCall[] } {
      const taken = seen;
      seen = [];
      const isByStream = ({ functionName }: FunctionCall) => BY_STREAMS.has(functionName);
      return {
        onTheWay: taken.filter((call) => !isByStream(call)),
        byStreams: taken.filter(isByStream),
      };
    },
  };
}

/**
 * How many calls stand one after the other at the least: the longest chain in which each began when the one before it
 * had ended. Those beside each other count once.
 */
export function inSequence(calls: readonly Pick<TimedCall, 'startedAt' | 'endedAt'>[]): number {
  let [length, endOfLast] = [0, Number.NEGATIVE_INFINITY];
  for (const { startedAt, endedAt } of [...calls].sort((first, second) => first.endedAt - second.endedAt)) {
    if (startedAt < endOfLast) continue;
    length += 1;
    endOfLast = endedAt;
  }
  return length;
}
