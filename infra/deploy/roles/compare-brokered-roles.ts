import { brokeredRoleName } from '../../../lambdas/shared/domain/brokered/brokered-role.ts';
import { divideCatalog } from '../../../lambdas/shared/domain/brokered/catalog-parts.ts';
import { planRoles } from '../../../lambdas/shared/domain/brokered/plan-roles.ts';
import { boundaryOf, permissionsOf } from '../../../lambdas/shared/domain/brokered/role-policies.ts';
import { roleStatements } from '../../../lambdas/shared/domain/brokered/role-statements.ts';
import type { CatalogResource } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { resolveArns } from '../../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { policyText } from '../../../lambdas/shared/domain/proof/policy-text.ts';
import { partsOfArn } from '../../../policy/arn/parts-of-arn.ts';
import { makeReference, type ProofAnswer, prove } from '../../../policy/prove/prove.ts';
import { NotAPolicy, type PolicyText, readLayers } from '../../../policy/prove/prove-session.ts';
import type { Place } from '../find-place.ts';

/** A role as IAM has it: its policies' documents, as JSON. */
export type DeployedRole = {
  readonly arn: string;
  readonly attached: readonly string[];
  /** By name. */
  readonly inline: ReadonlyMap<string, string>;
  readonly boundary?: string;
};

/** The inline policy in which revoked sessions are denied: it comes and goes, and only takes away. */
const REVOKED = 'revoked-sessions';

type Layers = readonly (readonly PolicyText[])[];

const identity = (texts: readonly string[]): PolicyText[] =>
  texts.map((text) => ({ type: 'identity', text }));

const deployedLayers = ({ attached, inline, boundary }: DeployedRole, without?: string): Layers => {
  const own = [...inline].filter(([name]) => name !== without).map(([, text]) => text);
  const permissions = identity([...attached, ...own]);
  return boundary === undefined ? [permissions] : [permissions, [{ type: 'boundary', text: boundary }]];
};

function plannedLayers(resources: readonly CatalogResource[]): Layers {
  const statements = roleStatements(resources);
  return [
    identity([policyText(permissionsOf(statements))]),
    [{ type: 'boundary', text: policyText(boundaryOf(statements)) }],
  ];
}

const proveTexts = (candidate: Layers, reference: Layers): ProofAnswer =>
  prove(readLayers(candidate), makeReference(readLayers(reference)));

const shown = (answer: ProofAnswer): string =>
  answer.verdict === 'wider'
    ? `${answer.request.action} on ${answer.request.resource}`
    : 'it cannot be proved';

/** What differs between a role and its plan; undefined where each may do what the other may. */
function difference(role: DeployedRole, resources: readonly CatalogResource[]): string | undefined {
  if (role.boundary === undefined) return 'has no boundary';
  const planned = plannedLayers(resources);
  const wider = proveTexts(deployedLayers(role), planned);
  if (wider.verdict !== 'within') return `may do more than planned: ${shown(wider)}`;
  const narrower = proveTexts(planned, deployedLayers(role, REVOKED));
  return narrower.verdict === 'within' ? undefined : `may not do what is planned: ${shown(narrower)}`;
}

/**
 * Which brokered roles of this account are not what the catalog plans, each with how; none where all are. Every
 * session is proved to be within the planned roles: that says something only where IAM has them so. Roles in other
 * accounts are not looked at.
 */
export async function otherThanPlanned(
  catalog: readonly CatalogResource[],
  { account, region }: Place,
  read: (roleName: string) => Promise<DeployedRole | undefined>,
): Promise<string[]> {
  const plannedIn = (partition: string) => {
    const home = { partition, region, accountId: account };
    const resolved = catalog.map((resource) => resolveArns(resource, home));
    return planRoles(resolved, account, divideCatalog(catalog)).filter(
      (planned) => planned.account === account,
    );
  };
  const wrong: string[] = [];
  for (const wanted of plannedIn('aws')) {
    const name = brokeredRoleName(wanted);
    const role = await read(name);
    const partition = role && partsOfArn(role.arn).partition;
    const planned = plannedIn(partition ?? 'aws').find((other) => brokeredRoleName(other) === name);
    const found = role ? differenceOf(role, planned?.resources ?? []) : 'is not there';
    if (found !== undefined) wrong.push(`${name} ${found}`);
  }
  return wrong;
}

function differenceOf(role: DeployedRole, resources: readonly CatalogResource[]): string | undefined {
  try {
    return difference(role, resources);
  } catch (error) {
    if (error instanceof NotAPolicy) return 'has a policy that cannot be read';
    throw error;
  }
}
