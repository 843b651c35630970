import { makeConfig } from '../lambdas/shared/adapters/config/load-config.ts';

/** Stops the deployment where catalog, guardrails, tiers, limits or issuers cannot work, not the first request. Throws ConfigError. */
export function checkConfig(): void {
  makeConfig({ partition: 'aws', region: 'us-east-1', accountId: '000000000000' });
}
