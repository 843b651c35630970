import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grantableActions } from '../../../lambdas/shared/domain/catalog.ts';
import type { Entitlement } from '../../../lambdas/shared/domain/verdict.ts';
import { validateDecision } from '../../../lambdas/validate-decision/validate-decision.ts';
import { lets, type Probe } from '../../support/judge.ts';
import { type ArbitraryCase, arbitraryCases } from './arbitrary-cases.ts';
import { NOW } from './arrange-case.ts';

/** Verdicts to look at; `npm run test:deep` looks at ten times as many. */
const RUNS = Number(process.env.POSTERN_RUNS ?? 10_000);
const SEED = Number(process.env.POSTERN_SEED ?? Date.now() % 1_000_000);
const PROBES_A_POLICY = 20;

const OTHER_SUBJECT = 'c-9999';
const leading = (...keys: string[]) => (keys.length > 0 ? { context: { 'dynamodb:LeadingKeys': keys } } : {});

/** Calls as a session would make them on one resource, for a subject's rows or all. */
function callsOn(kind: string, arn: string, action: string, subject: string | undefined): Probe {
  if (kind.startsWith('dynamodb'))
    return { action, resource: arn, ...leading(...(subject === undefined ? [] : [subject])) };
  if (kind !== 's3-prefix') return { action, resource: kind === 'secret' ? `${arn}-AbC123` : arn };
  const [bucket = '', ...prefix] = arn.split('/');
  const path = `${prefix.join('/')}${subject === undefined ? '' : `${subject}/`}`;
  return action === 's3:ListBucket'
    ? { action, resource: bucket, context: { 's3:prefix': `${path}x` } }
    : { action, resource: `${bucket}/${path}x` };
}

/** A resource whose name begins as the granted one's does. */
function lookAlike(kind: string, resource: string): string {
  return kind === 's3-prefix' ? resource.replace(/^(arn:aws:s3:::\w+)/, '$1x') : `${resource}x`;
}

type Judged = { opens: Probe[]; mustStayShut: Probe[] };

/** What this entitlement must open, and what it must not, by catalog and subject alone. */
function probesOf({ of, rules }: ArbitraryCase, { grants }: Entitlement): Judged {
  const subject = of.request.subject?.id;
  const opens: Probe[] = [];
  const mustStayShut: Probe[] = [];
  for (const [key, resource] of rules.catalog.resources) {
    const [arn = ''] = resource.arns;
    const granted = grants.find((grant) => grant.resource === key)?.actions ?? [];
    const scope = resource.subjectScoped ? subject : undefined;
    for (const action of grantableActions(resource)) {
      const call = callsOn(resource.kind, arn, action, scope);
      (granted.includes(action) ? opens : mustStayShut).push(call);
      if (!granted.includes(action)) continue;
      mustStayShut.push({ ...call, resource: lookAlike(resource.kind, call.resource) });
      if (!resource.subjectScoped) continue;
      mustStayShut.push(callsOn(resource.kind, arn, action, OTHER_SUBJECT));
      if (!resource.kind.startsWith('dynamodb')) continue;
      mustStayShut.push(
        { action, resource: arn },
        { action, resource: arn, ...leading(subject ?? '', OTHER_SUBJECT) },
      );
    }
    if (resource.kind === 'dynamodb-table') {
      const whole = granted.includes('dynamodb:Scan') ? [] : [{ action: 'dynamodb:Scan', resource: arn }];
      mustStayShut.push(
        ...whole,
        { action: 'dynamodb:Query', resource: `${arn}/index/any` },
        { action: 'dynamodb:DeleteTable', resource: arn },
      );
    }
  }
  mustStayShut.push({ action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/admin' });
  return { opens, mustStayShut };
}

/** Some of a list, spread over it, so that every kind of probe comes up. */
function sampleOf<T>(list: readonly T[], n: number, from: number): T[] {
  const step = Math.max(1, Math.floor(list.length / n));
  return list.filter((_, index) => (index + from) % step === 0).slice(0, n);
}

test(`no verdict of ${RUNS} opens more than guardrails, catalog and subject allow, nor less than it says`, async () => {
  console.log(`POSTERN_SEED=${SEED}`);
  const policies = new Map<string, Judged>();
  let verdicts = 0;
  let granted = 0;
  fc.assert(
    fc.property(arbitraryCases, (one) => {
      const verdict = validateDecision(one.of, one.rules, NOW);
      verdicts += 1;
      if (verdict.outcome !== 'grant') return;
      granted += 1;
      const { entitlement } = verdict;
      for (const { resource, actions } of entitlement.grants) {
        const known = one.rules.catalog.resources.get(resource);
        if (!known) throw new Error(`${resource} is not in the catalog`);
        if (known.subjectScoped && !one.of.request.subject)
          throw new Error(`${resource} without its subject`);
        for (const action of actions) {
          if (!grantableActions(known).includes(action))
            throw new Error(`${action} is not offered on ${resource}`);
          if (one.rules.guardrails.needs(resource, action) > one.approvals)
            throw new Error(`${action} lacks approvals`);
        }
      }
      policies.set(entitlement.sessionPolicy, probesOf(one, entitlement));
    }),
    { numRuns: RUNS, seed: SEED },
  );
  expect(verdicts).toBeGreaterThanOrEqual(RUNS);
  expect(granted).toBeGreaterThanOrEqual(RUNS / 10);

  let probed = 0;
  for (const [index, [policy, { opens, mustStayShut }]] of [...policies].entries()) {
    // Twenty policies are probed to the last call, the rest by a sample.
    const most = index < 20 ? Number.POSITIVE_INFINITY : PROBES_A_POLICY / 2;
    for (const probe of sampleOf(opens, most, index)) {
      expect([probe, await lets(policy, probe)]).toEqual([probe, true]);
      probed += 1;
    }
    for (const probe of sampleOf(mustStayShut, most, index)) {
      expect([policy, probe, await lets(policy, probe)]).toEqual([policy, probe, false]);
      probed += 1;
    }
  }
  console.log(`${verdicts} verdicts, ${granted} grants, ${policies.size} policies, ${probed} probes`);
}, 600_000);
