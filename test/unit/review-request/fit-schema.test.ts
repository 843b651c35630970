import { zodTextFormat } from 'openai/helpers/zod';
import { describe, expect, test } from 'vitest';
import { choicesOf, enumValuesOf, fitSchema } from '../../../lambdas/review-request/fit-schema.ts';
import { parseProposal, reviewSchemaFor } from '../../../lambdas/review-request/review-schema.ts';
import { catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import type { Grantable } from '../../../lambdas/shared/domain/guardrails/grantable-for.ts';

const READ = ['dynamodb:GetItem', 'dynamodb:Query'];

const grantable = (key: string, actions = READ, purpose = 'One of very many tables'): Grantable => ({
  resource: catalogResourceSchema.parse({
    key,
    kind: 'dynamodb-table',
    arns: [`arn:aws:dynamodb:eu-central-1:123456789012:table/${key}`],
    purpose,
    sensitivity: 'internal',
    actions: { read: actions },
    maxDurationSeconds: 3600,
  }),
  actions,
});
const many = (count: number, actionsOf: (nth: number) => string[] = () => READ): Grantable[] =>
  Array.from({ length: count }, (_, nth) => grantable(`table_${nth}`, actionsOf(nth)));
/** Actions that no other resource has. */
const own = (nth: number): string[] => [1, 2, 3].map((part) => `dynamodb:Do${nth}x${part}`);

/** Enum values and constants of a JSON schema, wherever they stand. */
function valuesIn(schema: unknown): number {
  if (typeof schema !== 'object' || schema === null) return 0;
  return Object.entries(schema).reduce((sum, [key, value]) => {
    if (key === 'enum' && Array.isArray(value)) return sum + value.length;
    return sum + (key === 'const' ? 1 : valuesIn(value));
  }, 0);
}
const sent = (offered: readonly Grantable[]) => zodTextFormat(reviewSchemaFor(offered), 'review').schema;

const proposes = (offered: readonly Grantable[], resource: string, action: string): boolean =>
  'proposal' in
  parseProposal(
    JSON.stringify({
      approved: true,
      durationSeconds: 900,
      risk: 'low',
      authorization: 'explicit',
      reason: 'It fits.',
      grants: [{ resource, actions: [action] }],
    }),
    reviewSchemaFor(offered),
  );

describe('the schema', () => {
  test('holds every pair that is offered, and no other, though resources share a choice', () => {
    const offered = [
      grantable('one'),
      grantable('two'),
      grantable('three', ['dynamodb:GetItem']),
      grantable('four', ['dynamodb:Query', 'dynamodb:PutItem']),
    ];
    const all = [...new Set(offered.flatMap(({ actions }) => actions))];
    for (const { resource, actions } of offered)
      for (const action of all)
        expect([resource.key, action, proposes(offered, resource.key, action)]).toEqual([
          resource.key,
          action,
          actions.includes(action),
        ]);
    expect(proposes(offered, 'five', 'dynamodb:GetItem')).toBe(false);
    expect(choicesOf(offered)).toHaveLength(3);
  });

  test('counts its enum values as the provider does', () => {
    for (const offered of [many(3), many(300), many(40, own)])
      expect(enumValuesOf(offered)).toBe(valuesIn(sent(offered)));
  });

  test('holds no enum of more than 250 values', () => {
    expect(choicesOf(many(500)).map(({ keys }) => keys.length)).toEqual([250, 250]);
  });
});

describe('a catalog', () => {
  test('that fits is offered as it is', () => {
    const all = many(500);
    expect(fitSchema(all, ['anything'])).toEqual({ offered: all, leftOut: 0 });
    expect(fitSchema(all, []).offered).toBe(all);
  });

  test('that does not fit loses what the texts say least of, and nothing else changes', () => {
    const all = [
      ...many(400, own),
      grantable('branch_opening_hours', ['dynamodb:GetItem'], 'When each branch opens'),
      grantable('vault_ledger', ['dynamodb:Query'], 'Movements of gold in the vault'),
    ];
    const { offered, leftOut } = fitSchema(all, ['How much gold moved this week?', 'Reads opening hours.']);
    expect(valuesIn(sent(offered))).toBeLessThanOrEqual(1_000);
    expect(offered.length + leftOut).toBe(all.length);
    // Only left out: each is the very resource it was, in its order.
    expect(all.filter((pair) => offered.includes(pair))).toEqual(offered);
    expect(offered.map(({ resource }) => resource.key)).toEqual(
      expect.arrayContaining(['branch_opening_hours', 'vault_ledger']),
    );
    // As full as it can be.
    expect(enumValuesOf(offered)).toBeGreaterThan(990);
  });

  test('keeps its first resources where no text says anything', () => {
    const { offered } = fitSchema(many(400, own), ['']);
    expect(offered.map(({ resource }) => resource.key)).toEqual(offered.map((_, nth) => `table_${nth}`));
  });
});
