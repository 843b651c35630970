import type { Principal } from '../principal.ts';
import { AUDITORS } from './auditors.ts';

/** Whether somebody may read everybody's requests. They never claim or cancel them. */
export const isAuditor = (principal: Principal): boolean =>
  principal.status === 'active' && principal.groups.includes(AUDITORS);
