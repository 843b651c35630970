import { isBreakGlass } from '../../shared/domain/break-glass/is-break-glass.ts';
import type { Reason } from '../../shared/domain/reason.ts';
import type { Case } from '../decision-case.ts';

/** Nobody breaks the glass alone, and unheard: a guardrail may ask for more, and not for less. */
export const breakGlassNeedsApproval = ({ request, loaded }: Pick<Case, 'request' | 'loaded'>): Reason[] =>
  isBreakGlass(request, loaded.principal) ? [{ code: 'break_glass_needs_approval' }] : [];
