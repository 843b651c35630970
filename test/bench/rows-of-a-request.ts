import type { CatalogResource } from '../../lambdas/shared/domain/catalog/catalog.ts';
import type { ResolvedGrant } from '../../lambdas/shared/domain/catalog/resolve-grants.ts';
import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import { grantsReference } from '../../lambdas/shared/domain/proof/grants-reference.ts';
import { proveWithin } from '../../lambdas/shared/domain/proof/prove-within.ts';
import { roleReference } from '../../lambdas/shared/domain/proof/role-reference.ts';
import { buildSessionPolicy } from '../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import type { AccessRequest } from '../../policy/evaluate/access-request.ts';
import { evaluate } from '../../policy/evaluate/evaluate.ts';
import { parsePolicy } from '../../policy/parse/parse-policy.ts';
import type { Policy, PolicyType } from '../../policy/parse/policy-model.ts';
import type { Row } from './figure.ts';

const WARM_UP = 2_000;

/** How long each of `n` tasks took in milliseconds, once the code is warm; in milliseconds with four decimals. */
function timesOf(what: string, n: number, task: (nth: number) => void): Row {
  for (let nth = 0; nth < WARM_UP; nth += 1) task(nth);
  const times = Array.from({ length: n }, (_, nth) => {
    const startedAt = performance.now();
    task(nth);
    return performance.now() - startedAt;
  }).sort((first, other) => first - other);
  const share = (portion: number) =>
    Number((times[Math.min(n - 1, Math.floor(n * portion))] ?? Number.NaN).toFixed(4));
  return { what, p50: share(0.5), p95: share(0.95), p99: share(0.99), max: share(1), n };
}

function read(text: string, type: PolicyType): Policy {
  const result = parsePolicy(text, type);
  if (!result.ok) throw new Error(JSON.stringify(result.refusals));
  return result.policy;
}

const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
});

/**
 * A call of a session of five grants, as the sandbox judges it: role, boundary and session, read before. Every second
 * call is one that the session does not allow.
 */
export function ofEvaluation(grants: readonly ResolvedGrant[], subject: string, n: number): Row {
  const session = [read(buildSessionPolicy(grants, subject), 'session')];
  const identity = [read(everything, 'identity')];
  const boundary = read(everything, 'boundary');
  const calls = grants.flatMap(({ resource, actions }): AccessRequest[] =>
    actions.flatMap((action) =>
      [action, `${action.split(':')[0]}:DeleteEverything`].map((called) => ({
        principal: {
          kind: 'aws',
          arn: 'arn:aws:sts::123456789012:assumed-role/postern-brokered-internal/s',
          issuerArn: 'arn:aws:iam::123456789012:role/postern-brokered-internal',
        },
        action: called,
        resource: (resource.arns[0] ?? '').replace(/\/$/, '/x'),
        resourceAccountId: '123456789012',
        context: { 'dynamodb:LeadingKeys': [subject], 'aws:SecureTransport': 'true' },
      })),
    ),
  );
  let allowed = 0;
  const row = timesOf('evaluate: a call of a session of five grants', n, (nth) => {
    const call = calls[nth % calls.length] as AccessRequest;
    if (evaluate(call, { identity, boundary, session }).outcome === 'allowed') allowed += 1;
  });
  if (allowed === 0 || allowed === n + WARM_UP) throw new Error('measured calls of one outcome only');
  return row;
}

/** What rule 10 adds to a grant: the proof in ValidateDecision with its reference, and the one in AssumeRole. */
export function ofGrant(
  catalog: readonly CatalogResource[],
  grants: readonly ResolvedGrant[],
  subject: string,
  n: number,
): Row {
  const role = roleReference(catalog);
  const sessionPolicy = buildSessionPolicy(grants, subject);
  const now = () => performance.now();
  return timesOf('both proofs of a grant, their references and digests', n, () => {
    const reference = grantsReference(grants, subject);
    const referenceDigest = digestOf({ grants, subject });
    const first = proveWithin(sessionPolicy, reference, { referenceDigest, now });
    const second = proveWithin(sessionPolicy, role, { referenceDigest, now });
    if (first.verdict !== 'within' || second.verdict !== 'within') throw new Error('a grant is not proved');
  });
}
