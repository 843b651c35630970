import type { Element, Principal } from '../parse/policy-model.ts';
import type { RequestPrincipal } from './access-request.ts';

/**
 * How a statement means the principal: itself; as the role or user that its session is of; or by its account,
 * which leaves the account to say who of it may.
 */
export type PrincipalMatch = 'itself' | 'issuer' | 'account';

/** The closest first. */
const ORDER: readonly PrincipalMatch[] = ['itself', 'issuer', 'account'];

/** The account that an ARN is in; empty where it names none. */
export const accountOfArn = (arn: string): string => arn.split(':')[4] ?? '';

/**
 * The closest way in which the element means the principal; undefined where it does not. NotPrincipal means
 * everybody who has a permissions boundary, whatever its values.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function matchPrincipals(
  { negated, items }: Element<Principal>,
  principal: RequestPrincipal,
  hasBoundary: boolean,
): PrincipalMatch | undefined {
  if (negated) return !hasBoundary && isSpared(items, principal) ? undefined : 'itself';
  const matches = items.map((item) => matchPrincipal(item, principal));
  return ORDER.find((match) => matches.includes(match));
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function matchPrincipal(item: Principal, principal: RequestPrincipal): PrincipalMatch | undefined {
  switch (item.kind) {
    case 'everyone':
      return 'itself';
    case 'account':
      return principal.kind === 'aws' && accountOfArn(principal.arn) === item.accountId
        ? 'account'
        : undefined;
    case 'canonical-user':
      return principal.kind === 'aws' && principal.canonicalUserId === item.id ? 'account' : undefined;
    case 'arn':
      if (principal.kind !== 'aws') return undefined;
      if (principal.arn === item.arn) return 'itself';
      return principal.issuerArn === item.arn ? 'issuer' : undefined;
    case 'service':
      return principal.kind === 'service' && principal.name === item.name ? 'itself' : undefined;
    case 'federated':
      if (principal.kind !== 'federated') return undefined;
      return item.provider === '*' || item.provider === principal.provider ? 'itself' : undefined;
    case 'deleted':
      return undefined;
  }
}

/**
 * Whether NotPrincipal leaves the principal out. AWS may look at the account first, then at the role or user, and
 * then at the session, and denies if one of them is not named: so all of them have to be.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function isSpared(items: readonly Principal[], principal: RequestPrincipal): boolean {
  if (items.some(({ kind }) => kind === 'everyone')) return true;
  const matches = items.map((item) => matchPrincipal(item, principal));
  if (principal.kind !== 'aws') return matches.includes('itself');
  const wanted: PrincipalMatch[] = ['account'];
  if (!isRootUser(principal)) wanted.push('itself');
  if (principal.issuerArn !== undefined) wanted.push('issuer');
  return wanted.every((match) => matches.includes(match));
}

/** An account's root user has every permission of its account that nothing denies. */
export const isRootUser = (principal: RequestPrincipal): boolean =>
  principal.kind === 'aws' && /^arn:[^:]*:iam::\d{12}:root$/.test(principal.arn);
