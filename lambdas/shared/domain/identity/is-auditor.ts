import type { Principal } from '../principal.ts';

/** The group whose active members may read everybody's requests. They never claim or cancel them. */
const AUDITORS = 'auditors';

export const isAuditor = (principal: Principal): boolean =>
  principal.status === 'active' && principal.groups.includes(AUDITORS);
