import { AUDIENCE, GATEWAY_AUDIENCE, SIGN_IN_AUDIENCE } from '../../demo/principals.ts';
import { readIssuers } from '../../lambdas/shared/adapters/config/read-issuers.ts';
import type { IssuersConfig } from '../../lambdas/shared/domain/identity/issuers.ts';
import { DEVICE_CLIENT } from './serve-devices.ts';
import { CONSOLE_CLIENT } from './serve-sign-in.ts';

/** The issuers whose tokens the sandbox takes: those of the configuration, and its own. */
export function issuersOfSandbox(configDir: string, issuer: string): IssuersConfig {
  const { version, issuers } = readIssuers(configDir);
  const own = {
    name: 'oidc',
    issuer,
    signIn: { audiences: [SIGN_IN_AUDIENCE] },
    gateway: { audiences: [GATEWAY_AUDIENCE] },
    subjects: { audiences: [AUDIENCE] },
    claims: [],
    askOnlyClients: [DEVICE_CLIENT],
    consoleClients: [CONSOLE_CLIENT],
    vouchesFor: [],
  };
  return { version, issuers: [...issuers, own] };
}
