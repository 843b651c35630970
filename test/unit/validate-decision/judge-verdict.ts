import { type CatalogResource, grantableActions } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import type { Entitlement, Verdict } from '../../../lambdas/shared/domain/verdict.ts';
import type { Probe } from '../../support/judge.ts';
import { rowKeyOf } from '../../support/row-key.ts';
import type { ArbitraryCase } from './arbitrary-cases.ts';

const OTHER_SUBJECT = 'c-9999';
const leading = (...keys: string[]) => (keys.length > 0 ? { context: { 'dynamodb:LeadingKeys': keys } } : {});

/** Calls as a session would make them on one resource, for a subject's rows or all. */
function callsOn(resource: CatalogResource, action: string, subject: string | undefined): Probe {
  const { kind, arns } = resource;
  const [arn = ''] = arns;
  if (kind.startsWith('dynamodb'))
    return {
      action,
      resource: arn,
      ...leading(...(subject === undefined ? [] : [rowKeyOf(resource, subject)])),
    };
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

type Probes = { readonly opens: Probe[]; readonly mustStayShut: Probe[] };

/** What this entitlement must open, and what it must not, by catalog and subject alone. */
export function probesOf({ input, rules }: ArbitraryCase, { grants }: Entitlement): Probes {
  const subject = input.request.subject?.id;
  const opens: Probe[] = [];
  const mustStayShut: Probe[] = [];
  for (const [key, resource] of rules.catalog.resources) {
    const [arn = ''] = resource.arns;
    const granted = grants.find((grant) => grant.resource === key)?.actions ?? [];
    const scope = resource.subjectScoped ? subject : undefined;
    for (const action of grantableActions(resource)) {
      const call = callsOn(resource, action, scope);
      (granted.includes(action) ? opens : mustStayShut).push(call);
      if (!granted.includes(action)) continue;
      mustStayShut.push({ ...call, resource: lookAlike(resource.kind, call.resource) });
      if (!resource.subjectScoped) continue;
      mustStayShut.push(callsOn(resource, action, OTHER_SUBJECT));
      if (!resource.kind.startsWith('dynamodb')) continue;
      mustStayShut.push(
        { action, resource: arn },
        {
          action,
          resource: arn,
          ...leading(rowKeyOf(resource, subject ?? ''), rowKeyOf(resource, OTHER_SUBJECT)),
        },
        ...(resource.leadingKey ? [{ action, resource: arn, ...leading(subject ?? '') }] : []),
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

const SPREAD = [
  ...['GetItem', 'BatchGetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem', 'PartiQLSelect'],
  ...['DescribeTable', 'DeleteTable', 'ExportTableToPointInTime', 'CreateBackup'],
].map((name) => `dynamodb:${name}`);
const OTHERS = [
  'sqs:DeleteQueue',
  'secretsmanager:PutSecretValue',
  'lambda:UpdateFunctionCode',
  'sns:Subscribe',
];

/** Every action on every ARN and its look-alikes, for no subject, this one, another and both: what is not granted. */
export function everyOtherProbe({ input, rules }: ArbitraryCase, { grants }: Entitlement): Probe[] {
  const subject = input.request.subject?.id ?? 'c-1042';
  const resources = [...rules.catalog.resources.values()].filter(({ kind }) => kind !== 's3-prefix');
  const actions = [...new Set([...SPREAD, ...OTHERS, ...resources.flatMap(grantableActions)])];
  return resources.flatMap((listed) => {
    const {
      key,
      kind,
      arns: [arn = ''],
      subjectScoped,
    } = listed;
    const [own, others] = [rowKeyOf(listed, subject), rowKeyOf(listed, OTHER_SUBJECT)];
    const rows = [[], [own], [others], [own, others], ...(listed.leadingKey ? [[subject]] : [])];
    const granted = grants.find((grant) => grant.resource === key)?.actions ?? [];
    const named = kind === 'secret' ? `${arn}-AbC123` : arn;
    return [named, `${named}x`, `${named}/index/other`].flatMap((resource) =>
      actions.flatMap((action) =>
        rows
          .filter(
            (keys) =>
              !(resource === named && granted.includes(action)) ||
              (subjectScoped && (keys.length !== 1 || keys[0] !== own || !input.request.subject)),
          )
          .map((keys) => ({ action, resource, ...leading(...keys) })),
      ),
    );
  });
}

/** A verdict that opens more, or less, than it may. */
export class Escape extends Error {}

/** Throws Escape where a grant is more than guardrails, catalog and subject allow. */
export function checkGrant({ input, rules, allowed }: ArbitraryCase, verdict: Verdict): void {
  const { review, request, loaded, evidence } = input;
  const { entitlement } = verdict;
  if (!entitlement) throw new Escape('a grant opens nothing');
  if (review.outcome !== 'proposal' || !review.proposal.approved) throw new Escape('nobody proposed it');
  const votes = evidence?.votes ?? [];
  for (const { resource: key, actions } of entitlement.grants) {
    const resource = rules.catalog.resources.get(key);
    if (!resource) throw new Escape(`${key} is not in the catalog`);
    if (resource.subjectScoped && !request.subject) throw new Escape(`${key} without its subject`);
    if (entitlement.durationSeconds > resource.maxDurationSeconds) throw new Escape(`${key} for too long`);
    for (const action of actions) {
      if (!grantableActions(resource).includes(action))
        throw new Escape(`${action} is not offered on ${key}`);
      const context = {
        durationSeconds: entitlement.durationSeconds,
        onBehalfOf: request.subject !== undefined,
        approvals: votes.length,
        stepUpApprovals: votes.filter(({ stepUp }) => stepUp).length,
      };
      const question = { principal: loaded.principal, action, resource, context };
      if (!allowed(question)) throw new Escape(`the guardrails do not allow ${action} on ${key}`);
    }
  }
}
