import type { LimitsConfig } from '../../lambdas/shared/domain/limits/limits-config.ts';

/** The widest limits there are, which no figure meets: what is measured is the broker, not its patience. */
export const UNLIMITED: LimitsConfig['human'] = {
  requestsPerHour: 10_000,
  openRequests: 2000,
  liveSessions: 2000,
};
