import type { AccessRequest } from './access-request.ts';
import type { Decision, Layer } from './decision.ts';
import type { Applying, Found } from './find-statements.ts';
import { accountOfArn, isRootUser } from './match-principal.ts';

/** What was found in each layer; absent is a layer that does not apply. */
export type Findings = {
  readonly identity: Found;
  readonly boundary?: Found;
  readonly session?: Found;
  readonly serviceControl?: readonly Found[];
  readonly resource: Found;
  readonly resourceControl: Found;
};

/** A way in which a request can be allowed: the layers on it, each with what allows the request there. */
type Way = readonly (readonly [Layer, readonly Applying[]])[];

/**
 * The answer to a request that nothing denies. It is allowed if on one of the ways to an allow every layer
 * allows it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function answerOf(request: AccessRequest, findings: Findings): Decision {
  const ways = waysOf(request, findings);
  const open = ways.find((way) => way.every(([, allows]) => allows.length > 0));
  if (open) return { outcome: 'allowed', statements: open.flatMap(([, allows]) => allows) };
  // What is missing is said of the ordinary way, which is the last.
  const silent = (ways.at(-1) ?? []).filter(([, allows]) => allows.length === 0).map(([layer]) => layer);
  return { outcome: 'implicitly-denied', silent: [...new Set(silent)] };
}

function waysOf(request: AccessRequest, findings: Findings): readonly Way[] {
  const { principal, resourceAccountId, needsResourcePolicy = false } = request;
  const { resource } = findings;
  // A service, a federated identity and a stranger have no policies of their own, and no account that limits them.
  if (principal.kind !== 'aws') return [[['resource', resource.allows]]];
  const account = serviceControlOf(findings);
  const limits = [...limitOf('boundary', findings), ...limitOf('session', findings)];
  // A root user may do what nothing takes away.
  const identity: Way = isRootUser(principal) ? [] : [['identity', findings.identity.allows]];
  const own: Way = [...account, ...limits, ...identity];
  if (accountOfArn(principal.arn) !== resourceAccountId) return [[...own, ['resource', resource.allows]]];
  const allowing = (match: Applying['match']) => resource.allows.filter((found) => found.match === match);
  return [
    // What the resource grants to this very session or user, nothing but the account's limits cuts.
    [...account, ['resource', allowing('itself')]],
    // What it grants to the role or user behind the session, boundary and session policy cut.
    [...account, ...limits, ['resource', allowing('issuer')]],
    needsResourcePolicy ? [...own, ['resource', resource.allows]] : own,
  ];
}

/** Every level has to allow it. */
const serviceControlOf = ({ serviceControl = [] }: Findings): Way =>
  serviceControl.map(({ allows }) => ['serviceControl', allows] as const);

function limitOf(layer: 'boundary' | 'session', findings: Findings): Way {
  const found = findings[layer];
  return found ? [[layer, found.allows]] : [];
}
