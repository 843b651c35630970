import type { Target } from '../lambdas/shared/messages/message-target.ts';
import { type Screening, type ScreeningPorts, screenVoter } from '../lambdas/shared/votes/screen-voter.ts';
import { findVoter, type Presser, type VoterPorts } from './find-voter.ts';

/** Whether this press of a button can be a vote. Looked at again when the votes are tallied. */
export const screenPresser = (
  target: Target,
  presser: Presser,
  ports: ScreeningPorts & VoterPorts,
): Promise<Screening> => screenVoter(target, (tier) => findVoter(presser, tier, ports), ports);
