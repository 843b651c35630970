import { expect, test } from 'vitest';
import type { StoredVersion } from '../../../lambdas/shared/domain/identity/stored-version.ts';
import { policyPage } from '../../../sandbox/console/policies-page.ts';
import { ofBank } from '../../support/bank.ts';

const HOSTILE = '<script>alert(1)</script>';

const version = (nth: number, text: string, change?: StoredVersion['change']): StoredVersion => ({
  kind: 'policy',
  target: 'analyst1',
  version: nth,
  text,
  digest: `sha256:${nth}`,
  ...(change && { change }),
});

const changedBy = (principalId: string): StoredVersion['change'] => ({
  requestId: 'admin-01JD3Z9Q2N8K4V6B1C5D7E9F0G',
  requestedBy: 'admin',
  reason: HOSTILE,
  approvers: [{ principalId, person: principalId, votedAt: '2026-11-20T12:00:00.000Z' }],
  appliedAt: '2026-11-20T12:00:01.000Z',
});

const shown = async (versions: StoredVersion[]) =>
  String(await policyPage(ofBank('analyst1'), undefined, { versions, changes: [] }, [], undefined));

test('every version says who asked for it, who agreed, and what it changed', async () => {
  const page = await shown([
    version(2, `Analysts read metrics.\n${HOSTILE}\n`, changedBy('approver1')),
    version(1, 'Analysts read metrics.\n'),
  ]);
  expect(page).toContain('agreed by approver1');
  expect(page).toContain('/executions/admin-01JD3Z9Q2N8K4V6B1C5D7E9F0G');
  expect(page).toContain('+&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).toContain('there before any change');
  expect(page).not.toContain(HOSTILE);
});

test('a policy that was never changed says so', async () => {
  expect(await shown([])).toContain('It was never changed.');
});
