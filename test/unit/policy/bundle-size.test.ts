import { expect, test } from 'vitest';
import { policyBundleBytes } from '../../support/policy-bundle.ts';

test('parse, evaluate and prove are under 60 kB, bundled, and import nothing', async () => {
  const bytes = await policyBundleBytes();
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(60_000);
});
