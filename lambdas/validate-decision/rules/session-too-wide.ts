import type { Proof } from '../../shared/domain/proof/proof.ts';
import type { Reason } from '../../shared/domain/reason.ts';

/** The session policy that was built opens more than was granted: a fault of the broker, found before it is minted. */
export const sessionTooWide = ({ verdict, counterexample }: Proof): Reason[] =>
  verdict === 'within'
    ? []
    : [
        {
          code: 'session_too_wide',
          ...(counterexample && { action: counterexample.action }),
        },
      ];
