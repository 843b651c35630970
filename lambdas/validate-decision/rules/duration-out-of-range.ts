import type { Reason } from '../../shared/domain/reason.ts';
import type { Candidate } from '../decision-case.ts';

/**
 * Seconds. STS's shortest session, and the longest by role chaining, which a Lambda's AssumeRole is.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 3600;

export function durationOutOfRange({ proposedSeconds }: Candidate): Reason[] {
  if (proposedSeconds >= SHORTEST_SECONDS && proposedSeconds <= LONGEST_SECONDS) return [];
  return [
    {
      code: 'duration_out_of_range',
      shortestSeconds: SHORTEST_SECONDS,
      longestSeconds: LONGEST_SECONDS,
    },
  ];
}
