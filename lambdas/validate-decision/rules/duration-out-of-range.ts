import type { Reason } from '../../shared/domain/verdict.ts';
import type { Candidate } from '../facts.ts';

/**
 * Seconds. STS's shortest session, and the longest by role chaining, which a Lambda's AssumeRole is.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const SHORTEST = 900;
const LONGEST = 3600;

export function durationOutOfRange({ proposedSeconds }: Candidate): Reason[] {
  if (proposedSeconds >= SHORTEST && proposedSeconds <= LONGEST) return [];
  return [
    {
      code: 'duration_out_of_range',
      detail: `A session lasts from ${SHORTEST} to ${LONGEST} seconds; propose a duration within them.`,
    },
  ];
}
