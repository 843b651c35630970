import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogViewOf } from '../../../lambdas/list-catalog/catalog-view.ts';
import { makeListCatalog } from '../../../lambdas/list-catalog/list-catalog.ts';
import { type CatalogView, catalogViewSchema } from '../../../lambdas/list-catalog/list-catalog-spec.ts';
import { accessMatrixSchema, principalListSchema } from '../../../lambdas/list-catalog/people-specs.ts';
import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
import { matrixByGroup } from '../../../lambdas/shared/domain/guardrails/matrix-by-group.ts';
import { mayPropose } from '../../../lambdas/shared/domain/guardrails/may-propose.ts';
import { type Template, templateSchema } from '../../../lambdas/shared/domain/people/template.ts';
import { type Principal, principalSchema } from '../../../lambdas/shared/domain/principal.ts';
import { serveProxyEvents } from '../../../lambdas/shared/http/serve-proxy-events.ts';

const config = makeConfig({ partition: 'aws', region: 'eu-central-1', accountId: '123456789012' });
const principal = (type: 'human' | 'agent', group: string, more: Partial<Principal> = {}) =>
  principalSchema.parse({
    id: 'somebody',
    type,
    status: 'active',
    groups: [group],
    awsPrincipals: ['arn:aws:iam::123456789012:role/support-agent'],
    persons: ['p'],
    ...more,
  });
const actionOf = (view: CatalogView, key: string, name: string) =>
  view.resources.find(({ resource }) => resource === key)?.actions.find(({ action }) => action === name);

describe('what a principal could ever be granted', () => {
  it('is, for a support agent, its customer’s rows, some with an approval', () => {
    const view = catalogViewOf(principal('agent', 'support-agents'), config);
    expect(actionOf(view, 'bank_balances', 'dynamodb:GetItem')).toEqual({
      action: 'dynamodb:GetItem',
      level: 'read',
      onBehalfOf: true,
      needs: { approvals: 0, stepUp: 0 },
    });
    expect(actionOf(view, 'bank_balances', 'dynamodb:UpdateItem')?.needs).toEqual({
      approvals: 1,
      stepUp: 0,
    });
    expect(view.resources.map(({ resource }) => resource)).not.toContain('bank_operational_metrics');
  });

  it('is, for an analyst, the metrics and the figures of the other account, with no subject needed', () => {
    const view = catalogViewOf(principal('human', 'analysts'), config);
    expect(view.resources.map(({ resource }) => resource)).toEqual([
      'bank_operational_metrics',
      'risk_figures@treasury',
    ]);
    expect(view.resources[0]?.actions.every(({ onBehalfOf }) => !onBehalfOf)).toBe(true);
  });

  it('is nothing for a suspended principal, or for a group that no guardrail names', () => {
    expect(catalogViewOf(principal('human', 'analysts', { status: 'suspended' }), config).resources).toEqual(
      [],
    );
    expect(catalogViewOf(principal('human', 'visitors'), config).resources).toEqual([]);
  });

  it('names no ARN, and no action that subject-scoped tables never give', () => {
    const text = JSON.stringify(catalogViewOf(principal('agent', 'support-agents'), config));
    expect(text).not.toMatch(/arn:|Scan|PartiQL/);
  });
});

const template: Template = templateSchema.parse({
  id: 'engineers',
  group: { displayName: 'Engineering' },
  groups: ['employees'],
  policy: 'Engineers may read what they need.',
});

describe('over HTTP', () => {
  const fixture = () =>
    JSON.parse(readFileSync(new URL('../../cases/events-api/assumed-role.json', import.meta.url), 'utf8'));
  const agent = principal('agent', 'support-agents');
  const call = async (change: object, caller = agent) => {
    const handler = serveProxyEvents(() =>
      makeListCatalog({
        principals: { findByAwsArn: async () => caller },
        policies: {
          get: async (principalId) =>
            principalId === 'nobody' ? undefined : { principalId, text: 'Be kind.', version: 7 },
        },
        versions: {
          list: async () => [
            { kind: 'policy', target: 'somebody', version: 1, text: 'Be kind.', digest: 'sha256:0' },
          ],
        },
        directory: { templates: async () => [template], state: async () => undefined },
        mayProposeTemplates: (proposer) => mayPropose(proposer, 'template', config),
        catalogFor: (listed) => catalogViewOf(listed, config),
        allPrincipals: {
          async *all() {
            yield* [caller, principal('human', 'analysts', { id: 'analyst1' })];
          },
        },
        mayProposePolicies: (proposer) => mayPropose(proposer, 'policy', config),
        mayProposePrincipals: (proposer) => mayPropose(proposer, 'principal', config),
        matrixOf: (listed, resource) => matrixByGroup(config, listed, resource),
        clock: () => new Date(),
        log: () => {},
      }),
    );
    const event = { ...fixture(), httpMethod: 'GET', path: '/catalog', body: null, ...change };
    const { statusCode, body } = (await handler(event)) as { statusCode: number; body: string };
    return { status: statusCode, body: JSON.parse(body) };
  };

  it('answers the caller’s own view, as documented', async () => {
    const { status, body } = await call({});
    expect(status).toBe(200);
    expect(catalogViewSchema.parse(body).principal).toBe('somebody');
  });

  it('takes no parameters, and no other path', async () => {
    const other = await call({ multiValueQueryStringParameters: { principal: ['admin'] } });
    expect([other.status, other.body.code]).toEqual([400, 'invalid_request']);
    expect((await call({ path: '/requests' })).status).toBe(404);
  });

  it.each<[string, Principal, string | undefined]>([
    ['an auditor', principal('human', 'auditors'), undefined],
    ['who may propose a template', principal('human', 'admins'), undefined],
    ['anybody else', principal('human', 'employees'), 'auditor_required'],
  ])('reads the directory for %s', async (_, caller, code) => {
    const { status, body } = await call({ path: '/directory' }, caller);
    expect([status === 200, body.code]).toEqual([code === undefined, code]);
    if (code === undefined) expect(body).toEqual({ templates: [template] });
  });

  it.each<[string, Principal, string, string | undefined]>([
    ['its own', agent, 'somebody', undefined],
    ['another’s, by an auditor', principal('human', 'auditors'), 'analyst1', undefined],
    ['another’s, by who may propose a change of it', principal('human', 'admins'), 'analyst1', undefined],
    ['another’s', agent, 'analyst1', 'auditor_required'],
    [
      'another’s, by an agent in the group of those',
      principal('agent', 'admins'),
      'analyst1',
      'auditor_required',
    ],
    [
      'another’s, by a suspended admin',
      principal('human', 'admins', { status: 'suspended' }),
      'analyst1',
      'auditor_required',
    ],
    ['of nobody', principal('human', 'auditors'), 'nobody', 'policy_not_found'],
  ])('reads a policy: %s', async (_, caller, target, code) => {
    const { status, body } = await call({ path: `/policies/${target}` }, caller);
    expect([status === 200, body.code]).toEqual([code === undefined, code]);
    const versions = await call({ path: `/policies/${target}/versions` }, caller);
    expect(versions.status).toBe(code === 'auditor_required' ? 403 : 200);
    if (code === undefined) expect(body).toEqual({ principalId: target, text: 'Be kind.', version: 7 });
  });

  it.each([
    ['an agent', agent, ['somebody']],
    ['an analyst', principal('human', 'analysts'), ['somebody']],
    ['an auditor', principal('human', 'auditors'), ['analyst1', 'somebody']],
    ['who may propose changes', principal('human', 'admins'), ['analyst1', 'somebody']],
    ['a suspended auditor', principal('human', 'auditors', { status: 'suspended' }), ['somebody']],
  ])('knows of principals, and of what they could be given: %s', async (_, caller, known) => {
    const { body } = await call({ path: '/principals' }, caller);
    expect(principalListSchema.parse(body).principals.map(({ id }) => id)).toEqual(known);
    const matrix = accessMatrixSchema.parse((await call({ path: '/access-matrix' }, caller)).body);
    expect(matrix.groups.flatMap(({ principals }) => principals).sort()).toEqual(known);
  });

  it('says what the guardrails could ever let the caller propose', async () => {
    const may = async (caller: Principal) =>
      principalListSchema.parse((await call({ path: '/principals' }, caller)).body).caller;
    expect(await may(principal('human', 'admins'))).toMatchObject({
      mayProposePolicies: true,
      mayProposePrincipals: true,
    });
    expect(await may(agent)).toMatchObject({ mayProposePolicies: false, mayProposePrincipals: false });
  });

  it('answers the matrix of one resource', async () => {
    const { body } = await call({
      path: '/access-matrix',
      multiValueQueryStringParameters: { resource: ['bank_balances'] },
    });
    const { groups } = accessMatrixSchema.parse(body);
    expect(groups.flatMap(({ resources }) => resources.map(({ key }) => key))).toEqual(['bank_balances']);
  });
});
