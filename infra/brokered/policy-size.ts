import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/**
 * Characters of a managed policy, white space not counted, and policies on a role.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST_CHARACTERS = 6144;
const MOST_POLICIES = 10;
/** `{"Version":"2012-10-17","Statement":[]}`, and then some. */
const FRAME = 60;

/** A statement's size once it is deployed: what CDK writes for a region or an account is longer than they are. */
const sizeOf = (statement: PolicyStatement): number =>
  JSON.stringify(statement.toJSON()).replace(/\$\{Token\[[^\]]*\]\}/g, '123456789012--').length + 1;

/**
 * Statements spread over as few policies as they fit in. Throws where a role cannot hold them: with one line
 * that says what to do.
 */
export function inPolicies(
  roleName: string,
  statements: readonly PolicyStatement[],
  most = MOST_POLICIES,
): PolicyStatement[][] {
  const parts: { size: number; held: PolicyStatement[] }[] = [];
  for (const statement of statements) {
    const size = sizeOf(statement);
    const last = parts.at(-1);
    if (last && last.size + size <= MOST_CHARACTERS) {
      last.size += size;
      last.held.push(statement);
    } else parts.push({ size: FRAME + size, held: [statement] });
  }
  if (parts.length > most || parts.some(({ size }) => size > MOST_CHARACTERS)) {
    throw new Error(
      `catalog.json: ${roleName} would exceed what IAM lets a role hold; list fewer resources of one account`,
    );
  }
  return parts.map(({ held }) => held);
}
