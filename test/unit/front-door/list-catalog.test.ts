import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogViewOf } from '../../../lambdas/list-catalog/catalog-view.ts';
import { makeListCatalog } from '../../../lambdas/list-catalog/list-catalog.ts';
import { type CatalogView, catalogViewSchema } from '../../../lambdas/list-catalog/list-catalog-spec.ts';
import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
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

  it('is, for an analyst, the metrics alone, with no subject needed', () => {
    const view = catalogViewOf(principal('human', 'analysts'), config);
    expect(view.resources.map(({ resource }) => resource)).toEqual(['bank_operational_metrics']);
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

describe('GET /catalog', () => {
  const fixture = () =>
    JSON.parse(readFileSync(new URL('../../cases/events-api/assumed-role.json', import.meta.url), 'utf8'));
  const agent = principal('agent', 'support-agents');
  const handler = serveProxyEvents(() =>
    makeListCatalog({
      principals: { findByAwsArn: async () => agent },
      catalogFor: (caller) => catalogViewOf(caller, config),
      clock: () => new Date(),
      log: () => {},
    }),
  );
  const call = (change: object) =>
    handler({ ...fixture(), httpMethod: 'GET', path: '/catalog', body: null, ...change }) as Promise<{
      statusCode: number;
      body: string;
    }>;

  it('answers the caller’s own view, as documented', async () => {
    const { statusCode, body } = await call({});
    expect(statusCode).toBe(200);
    expect(catalogViewSchema.parse(JSON.parse(body)).principal).toBe('somebody');
  });

  it('takes no parameters, and no other path', async () => {
    const other = await call({ multiValueQueryStringParameters: { principal: ['admin'] } });
    expect([other.statusCode, JSON.parse(other.body).code]).toEqual([400, 'invalid_request']);
    expect((await call({ path: '/requests' })).statusCode).toBe(404);
  });
});
