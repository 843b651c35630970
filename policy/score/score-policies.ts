import type { RequestPrincipal } from '../evaluate/access-request.ts';
import { findStatements } from '../evaluate/find-statements.ts';
import { requestContext } from '../evaluate/request-context.ts';
import type { PolicyType } from '../parse/policy-model.ts';
import type { PolicyLayers } from '../prove/rules/compile-policies.ts';
import { layersOfAction, ownPolicy, satisfiable } from '../questions/satisfiable.ts';
import { type Call, PROBES } from './probes.ts';

/** Somebody whom no policy names, in an account that none names. */
const SOMEBODY: RequestPrincipal = { kind: 'aws', arn: 'arn:aws:iam::000000000000:user/postern-probe' };
const ANYBODY: RequestPrincipal = { kind: 'anonymous' };

/** What stands in every request. */
const CONTEXT = requestContext({
  'aws:CurrentTime': '2026-01-01T00:00:00Z',
  'aws:EpochTime': '1767225600',
  'aws:SecureTransport': 'true',
});

/** Whether a request is allowed: in every layer by some statement, and denied by none. */
function allows(layers: PolicyLayers, { action, resource }: Call, principal: RequestPrincipal): boolean {
  const request = { action: action.toLowerCase(), resource, principal, context: CONTEXT, hasBoundary: false };
  const found = layers.map((policies) => findStatements('identity', policies, request));
  return found.every(({ allows, denies }) => allows.length > 0 && denies.length === 0);
}

/** What a share of a group's calls takes off: the first one takes most. */
const lossOf = (weight: number, share: number): number => (share === 0 ? 0 : weight * (0.5 + share / 2));

/**
 * From 0 to 100, the most for what opens nothing to chance. It counts single requests on things that no policy names,
 * and a little what is grave and possible on anything, proved: whoever is allowed all that another is, and more, has at
 * most the other's score; a Deny never lowers one; and two ways of writing the same score alike. Undefined where a
 * proof is not decided: a score that may be wrong is none.
 */
export function scorePolicies(layers: PolicyLayers, type: PolicyType): number | undefined {
  if (type === 'resource' || type === 'rcp') return scoreOfResource(layers);
  if (type === 'trust') return scoreOfTrust(layers);
  const losses = PROBES.map(({ weight, calls, isGrave }) => {
    const allowed = calls.filter((call) => allows(layers, call, SOMEBODY)).length;
    const onAnything = lossOf(weight, allowed / calls.length);
    if (!isGrave || onAnything === weight) return onAnything;
    const isPossible = anyIsPossible(layers, calls);
    return isPossible === undefined
      ? undefined
      : onAnything * (1 - NAMED) + (isPossible ? weight * NAMED : 0);
  });
  if (losses.includes(undefined)) return undefined;
  return Math.round(100 - losses.reduce<number>((sum, loss = 0) => sum + loss, 0));
}

/** The part of a grave group's weight that is lost where a call is possible at all, on something that is named too. */
const NAMED = 0.2;

/** Whether some call is possible on something, proved; undefined where that is not known. */
function anyIsPossible(layers: PolicyLayers, calls: readonly Call[]): boolean | undefined {
  let isKnown = true;
  for (const { action } of calls) {
    const about = layersOfAction(layers, action);
    const verdict = about ? satisfiable(about).verdict : 'within';
    if (verdict === 'wider') return true;
    isKnown &&= verdict === 'within';
  }
  return isKnown ? false : undefined;
}

/** What hurts most where a stranger may do it. */
const BY_STRANGERS = [
  's3:PutObject s3:DeleteObject s3:GetObject s3:PutBucketPolicy sqs:SendMessage sqs:ReceiveMessage sns:Publish',
  'lambda:InvokeFunction lambda:UpdateFunctionCode kms:Decrypt kms:PutKeyPolicy secretsmanager:GetSecretValue',
  'dynamodb:GetItem dynamodb:PutItem ecr:BatchGetImage execute-api:Invoke',
].flatMap((line) => line.split(' '));

/** Requests of a stranger, as a layer. */
const OF_STRANGER = ownPolicy(
  [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::000000000000:user/postern-probe' },
      Action: '*',
      Resource: '*',
    },
  ],
  'resource',
);

/**
 * A resource's policy names its resource, so that no probe of ours would do: it is proved whether a stranger could do
 * something at all. Undefined where that cannot be decided.
 */
function scoreOfResource(layers: PolicyLayers): number | undefined {
  const couldDo = (about: PolicyLayers | undefined): boolean | undefined => {
    const verdict = about ? satisfiable([...about, [OF_STRANGER]]).verdict : 'within';
    return verdict === 'unknown' ? undefined : verdict === 'wider';
  };
  const anything = couldDo(layers);
  const each = BY_STRANGERS.map((action) => couldDo(layersOfAction(layers, action)));
  if (anything === undefined || each.includes(undefined)) return undefined;
  const share = each.filter(Boolean).length / each.length;
  return Math.round(100 - (anything ? 40 : 0) - lossOf(60, share));
}

/** Who may become a role, of those whom its trust does not name. */
function scoreOfTrust(layers: PolicyLayers): number {
  const may = (principal: RequestPrincipal, action: string) =>
    allows(layers, { action, resource: '*' }, principal) ? 1 : 0;
  return (
    100 -
    60 * may(SOMEBODY, 'sts:AssumeRole') -
    20 * may(ANYBODY, 'sts:AssumeRoleWithWebIdentity') -
    20 * may(ANYBODY, 'sts:AssumeRoleWithSAML')
  );
}
