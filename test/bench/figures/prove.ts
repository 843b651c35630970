import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readKnownActions } from '../../../clients/iam/read-iam-data.ts';
import {
  type CatalogResource,
  catalogResourceSchema,
  grantableActions,
} from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { roleReference } from '../../../lambdas/shared/domain/proof/role-reference.ts';
import { buildSessionPolicy } from '../../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import { parsePolicyValue } from '../../../policy/parse/parse-policy.ts';
import { makeReference, type ProofAnswer, prove, type Reference } from '../../../policy/prove/prove.ts';
import { proveSession } from '../../../policy/prove/prove-session.ts';
import { managedPolicies } from '../../support/managed-policies.ts';
import { policyBundleBytes } from '../../support/policy-bundle.ts';
import { proveManaged } from '../../support/prove-managed.ts';
import type { Row, Size, TakeFigure } from '../figure.ts';
import { ofEvaluation, ofGrant } from '../rows-of-a-request.ts';

const AT = 'eu-central-1:123456789012';
const SUBJECT = 'c-1042';

/** Tables, a third of them by subject; buckets; queues. */
function resource(n: number): CatalogResource {
  const [kind, arns, actions] =
    n % 5 === 3
      ? ['s3-prefix', [`arn:aws:s3:::bucket${n}/files/`], { read: ['s3:GetObject', 's3:ListBucket'] }]
      : n % 5 === 4
        ? ['sqs-queue', [`arn:aws:sqs:${AT}:queue${n}`], { write: ['sqs:SendMessage'] }]
        : [
            'dynamodb-table',
            [`arn:aws:dynamodb:${AT}:table/table${n}`],
            { read: ['dynamodb:GetItem', 'dynamodb:Query'], write: ['dynamodb:UpdateItem'] },
          ];
  return catalogResourceSchema.parse({
    ...{ key: `r${n}`, kind, arns, actions, purpose: 'Something that is brokered' },
    ...{
      sensitivity: 'internal',
      maxDurationSeconds: 1800,
      subjectScoped: kind === 'dynamodb-table' && n % 3 === 0,
    },
  });
}

/** One to five grants, spread over the catalog. */
const grantsOf = (catalog: readonly CatalogResource[], nth: number) =>
  Array.from({ length: 1 + (nth % 5) }, (_unused, more) => {
    const entry = catalog[(nth * 7 + more * 31) % catalog.length] as CatalogResource;
    const actions = grantableActions(entry);
    return { resource: entry, actions: actions.slice(0, 1 + (nth % actions.length)) };
  });

/** Sessions, each another. */
const sessionsOf = (catalog: readonly CatalogResource[], count: number): string[] =>
  Array.from({ length: count }, (_, nth) => buildSessionPolicy(grantsOf(catalog, nth), SUBJECT));

type Timed = { readonly milliseconds: number; readonly verdict: ProofAnswer['verdict'] };

/** A proof is timed so often, and the least counts: what else the machine does is no part of it. */
const TIMES = 3;

function timed(task: () => ProofAnswer): Timed {
  let least = Number.POSITIVE_INFINITY;
  let verdict: ProofAnswer['verdict'] = 'unknown';
  for (let time = 0; time < TIMES; time += 1) {
    const startedAt = performance.now();
    ({ verdict } = task());
    least = Math.min(least, performance.now() - startedAt);
  }
  return { milliseconds: least, verdict };
}

/** How long the proofs took, in milliseconds, and what they said. */
function row(what: string, proofs: readonly Timed[]): Row {
  const sorted = proofs.map(({ milliseconds }) => milliseconds).sort((left, right) => left - right);
  const valueAt = (share: number) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(3));
  const count = (verdict: ProofAnswer['verdict']) =>
    proofs.filter((proof) => proof.verdict === verdict).length;
  return {
    ...{ what, p50: valueAt(0.5), p95: valueAt(0.95), p99: valueAt(0.99), max: valueAt(1), n: proofs.length },
    ...{ within: count('within'), wider: count('wider'), unknown: count('unknown') },
  };
}

function ofSessions(what: string, resources: number, count: number): Row {
  const catalog = Array.from({ length: resources }, (_, n) => resource(n));
  const reference = roleReference(catalog);
  const sessions = sessionsOf(catalog, count);
  for (const session of sessions.slice(0, count / 2)) proveSession(session, reference);
  return row(
    what,
    sessions.map((session) => timed(() => proveSession(session, reference))),
  );
}

/** A wildcard in place of an action, with a request that AWS could be sent to show it. */
function ofBroken(count: number): Row {
  const catalog = Array.from({ length: 10 }, (_, n) => resource(n));
  const reference = roleReference(catalog);
  const known = readKnownActions();
  const broken = sessionsOf(catalog, count).map((session) => session.replace(/"(\w+):\w+"/, '"$1:*"'));
  for (const session of broken.slice(0, count / 2)) proveSession(session, reference, { known });
  return row(
    'a session with a wildcard too many, and a call that shows it',
    broken.map((session) => timed(() => proveSession(session, reference, { known }))),
  );
}

function ofRequests(count: number): Row[] {
  const catalog = Array.from({ length: 10 }, (_, n) => resource(n));
  const grants = grantsOf(catalog, 4);
  return [ofGrant(catalog, grants, SUBJECT, count), ofEvaluation(grants, SUBJECT, count * 5)];
}

type Sample = { kind: string; reference: unknown; candidates: readonly { policy: unknown }[] };

function ofSamples(folder: string): Row {
  const file = join(folder, 'access-analyzer-custom-checks/cases.json');
  const samples = JSON.parse(readFileSync(file, 'utf8')) as Sample[];
  const read = (policy: unknown, kind: string) => {
    const parsed = parsePolicyValue(policy, kind === 'RESOURCE_POLICY' ? 'resource' : 'identity');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals));
    return [[parsed.policy]];
  };
  const take = () =>
    samples.flatMap(({ kind, reference: written, candidates }) => {
      const reference: Reference = makeReference(read(written, kind));
      return candidates.map(({ policy }) => timed(() => prove(read(policy, kind), reference)));
    });
  take();
  return row('AWS’s samples of custom policy checks', take());
}

function ofManaged(): Row[] {
  const proofs = [...proveManaged(managedPolicies() ?? [])];
  const questions = [...new Set(proofs.map(({ question }) => question))];
  return questions.map((question) =>
    row(
      `AWS’s managed policies: ${question}`,
      proofs
        .filter((proof) => proof.question === question)
        .map(({ milliseconds, answer }) => ({ milliseconds, verdict: answer.verdict })),
    ),
  );
}

/** How long proofs and evaluations take, in milliseconds, and how large the code is that parses, evaluates and proves. */
export const takeFigure: TakeFigure = async (say, size: Size) => {
  const [count, isWhole] = size === 'whole' ? ([2_000, true] as const) : ([50, false] as const);
  const rows = [
    ofSessions('one session within the brokered role, catalog of 10', 10, count),
    ofSessions('one session within the brokered role, catalog of 500', 500, count),
    ofBroken(count),
    ...ofRequests(count),
  ];
  const { POSTERN_POLICY_DATA: folder } = process.env;
  if (isWhole && folder) rows.push(ofSamples(folder));
  if (isWhole && !folder) say('AWS’s samples are left out: POSTERN_POLICY_DATA names no folder of them');
  if (isWhole) rows.push(...ofManaged());
  const bytes = await policyBundleBytes();
  return [...rows, { what: 'parse, evaluate and prove, bundled', kB: Number((bytes / 1000).toFixed(1)) }];
};
