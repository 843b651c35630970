import type { Reason } from '../../shared/domain/reason.ts';
import type { Judgement } from '../decision-case.ts';

/** A policy that does not clearly cover the job asks for a human; never the other way. */
export function authorizationNeedsApproval({ authorization }: Pick<Judgement, 'authorization'>): Reason[] {
  if (authorization !== 'unclear') return [];
  return [
    {
      code: 'authorization_needs_approval',
    },
  ];
}
