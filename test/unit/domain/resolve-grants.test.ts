import { expect, test } from 'vitest';
import { namedGrants, resolveGrants } from '../../../lambdas/shared/domain/catalog/resolve-grants.ts';
import { bank } from '../validate-decision/arrange-case.ts';

const metrics = { resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] };
const gone = { resource: 'gone', actions: ['s3:GetObject'] };

test('a grant is found with its entry, and reads by its key again', () => {
  const { grants, unknownResources } = resolveGrants([metrics], bank.catalog);
  expect(grants).toEqual([
    { resource: bank.catalog.resources.get('bank_operational_metrics'), actions: ['dynamodb:Query'] },
  ]);
  expect(namedGrants(grants)).toEqual([metrics]);
  expect(unknownResources).toEqual([]);
});

test('what is not in the catalog is named, not left out', () => {
  const { grants, unknownResources } = resolveGrants(
    [gone, metrics, { ...gone, resource: 'away' }],
    bank.catalog,
  );
  expect(namedGrants(grants)).toEqual([metrics]);
  expect(unknownResources).toEqual(['gone', 'away']);
});
