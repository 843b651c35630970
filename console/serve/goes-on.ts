import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import { isOpen } from '../../lambdas/shared/domain/access-request.ts';

/** Whether a page of it can still change by itself. */
export const goesOn = ({ status, session, revocation }: RequestView, now: Date): boolean =>
  isOpen(status) ||
  (status === 'ISSUED' &&
    !revocation &&
    session !== undefined &&
    Date.parse(session.expiration) > now.getTime());
