import type { Reason } from '../../../shared/domain/reason.ts';
import type { Case } from '../../decision-case.ts';

/** Nobody could approve anything any more, nor put it right again. */
export const changeLeavesNoApprover = ({ loaded }: Pick<Case, 'loaded'>): Reason[] =>
  loaded.leavesNoApprover ? [{ code: 'change_leaves_no_approver' }] : [];
