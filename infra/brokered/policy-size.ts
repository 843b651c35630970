import {
  MOST_POLICY_CHARACTERS_OF_ROLE,
  WIDEST,
} from '../../lambdas/shared/domain/brokered/catalog-parts.ts';
import type { PolicyStatementJson } from '../../lambdas/shared/domain/brokered/role-policies.ts';
import { IN_TEMPLATE } from './catalog-for.ts';

/**
 * Policies on a role.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST_POLICIES = 10;
/** `{"Version":"2012-10-17","Statement":[]}`, and then some. */
const FRAME = 60;

/** A statement's size once it is deployed, where names are longest. */
const sizeOf = (statement: object): number =>
  JSON.stringify(statement)
    .replaceAll(IN_TEMPLATE.partition, WIDEST.partition)
    .replaceAll(IN_TEMPLATE.accountId, WIDEST.accountId)
    .replaceAll(IN_TEMPLATE.region, WIDEST.region).length + 1;

/**
 * Statements spread over as few policies as they fit in. Throws where a role cannot hold them: with one line
 * that says what to do.
 */
export function inPolicies(
  roleName: string,
  statements: readonly PolicyStatementJson[],
  most = MOST_POLICIES,
): PolicyStatementJson[][] {
  const parts: { size: number; held: PolicyStatementJson[] }[] = [];
  for (const statement of statements) {
    const size = sizeOf(statement);
    const last = parts.at(-1);
    if (last && last.size + size <= MOST_POLICY_CHARACTERS_OF_ROLE) {
      last.size += size;
      last.held.push(statement);
    } else parts.push({ size: FRAME + size, held: [statement] });
  }
  if (parts.length > most || parts.some(({ size }) => size > MOST_POLICY_CHARACTERS_OF_ROLE)) {
    throw new Error(
      `catalog.json: ${roleName} would exceed what IAM lets a role hold; shorten or divide its longest entry`,
    );
  }
  return parts.map(({ held }) => held);
}
