import { makeReference, type ProofAnswer, prove } from '../../../../policy/prove/prove.ts';
import { NotAPolicy, type PolicyText, readLayers } from '../../../../policy/prove/prove-session.ts';
import type { CatalogResource } from '../catalog/catalog.ts';
import { type Placeholders, resolveArns } from '../catalog/resolve-arns.ts';
import { policyText } from '../proof/policy-text.ts';
import { REVOKER_ROLE, REVOKERS } from '../revocation/revoker-role.ts';
import { brokeredRoleName } from './brokered-role.ts';
import { divideCatalog } from './catalog-parts.ts';
import { planRoles } from './plan-roles.ts';
import { boundaryOf, permissionsOf } from './role-policies.ts';
import { roleStatements } from './role-statements.ts';
import { brokeredTrust, revokerTrust, trustDifference } from './trust.ts';

/** A role as IAM has it: its policies' documents, as JSON. */
export type DeployedRole = {
  readonly arn: string;
  /** Who may assume it, as JSON. */
  readonly trust: string;
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

/** What differs between a role and its plan; undefined where each may do what the other may, for the same callers. */
function difference(
  role: DeployedRole,
  resources: readonly CatalogResource[],
  minter: string,
): string | undefined {
  if (role.boundary === undefined) return 'has no boundary';
  const planned = plannedLayers(resources);
  const wider = proveTexts(deployedLayers(role), planned);
  if (wider.verdict !== 'within') return `may do more than planned: ${shown(wider)}`;
  const narrower = proveTexts(planned, deployedLayers(role, REVOKED));
  if (narrower.verdict !== 'within') return `may not do what is planned: ${shown(narrower)}`;
  return trustDifference(role.trust, brokeredTrust(minter));
}

/** The same of the role that revokes in another account: it may put policies on these roles. */
function revokerDifference(
  role: DeployedRole,
  brokered: readonly string[],
  revokers: readonly string[],
): string | undefined {
  const planned: Layers = [
    identity([policyText([{ Effect: 'Allow', Action: 'iam:PutRolePolicy', Resource: brokered }])]),
  ];
  const wider = proveTexts(deployedLayers(role), planned);
  if (wider.verdict !== 'within') return `may do more than planned: ${shown(wider)}`;
  const narrower = proveTexts(planned, deployedLayers(role));
  if (narrower.verdict !== 'within') return `may not do what is planned: ${shown(narrower)}`;
  return trustDifference(role.trust, revokerTrust(revokers));
}

const orUnreadable = (compare: () => string | undefined): string | undefined => {
  try {
    return compare();
  } catch (error) {
    if (error instanceof NotAPolicy) return 'has a policy that cannot be read';
    throw error;
  }
};

/**
 * Which roles of an account are not what the catalog plans for it, each with how; none where all are. Every session is
 * proved to be within the planned roles: that says something only where IAM has them so. `home` is where the broker runs;
 * an account that is not its own has the role that revokes there besides.
 */
export async function otherThanPlanned(
  catalog: readonly CatalogResource[],
  home: Placeholders,
  account: string,
  read: (roleName: string) => Promise<DeployedRole | undefined>,
): Promise<string[]> {
  const brokersRole = (name: string) => `arn:${home.partition}:iam::${home.accountId}:role/${name}`;
  const resolved = catalog.map((resource) => resolveArns(resource, home));
  const planned = planRoles(resolved, home.accountId, divideCatalog(catalog)).filter(
    (role) => role.account === account,
  );
  const wrong: string[] = [];
  const look = async (name: string, differ: (role: DeployedRole) => string | undefined) => {
    const role = await read(name);
    const found = role ? orUnreadable(() => differ(role)) : 'is not there';
    if (found !== undefined) wrong.push(`${name} ${found}`);
  };
  for (const wanted of planned)
    await look(brokeredRoleName(wanted), (role) =>
      difference(role, wanted.resources, brokersRole('postern-assume-role')),
    );
  if (account !== home.accountId && planned.length > 0) {
    const names = planned.map(brokeredRoleName);
    const arns = names.map((name) => `arn:${home.partition}:iam::${account}:role/${name}`);
    await look(REVOKER_ROLE, (role) => revokerDifference(role, arns, REVOKERS.map(brokersRole)));
  }
  return wrong;
}
