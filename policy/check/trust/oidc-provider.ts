import type { Principal } from '../../parse/policy-model.ts';

/** Providers that AWS knows by name. */
const BUILT_IN: ReadonlySet<string> = new Set([
  'accounts.google.com',
  'www.amazon.com',
  'graph.facebook.com',
  'cognito-identity.amazonaws.com',
]);

/** The prefix of the keys of an OIDC provider's tokens, in lower case; undefined for SAML and all that is none. */
export function oidcProviderOf(principal: Principal): string | undefined {
  if (principal.kind !== 'federated') return undefined;
  const { provider } = principal;
  if (BUILT_IN.has(provider)) return provider;
  return /:oidc-provider\/(.+)$/.exec(provider)?.[1]?.toLowerCase();
}
