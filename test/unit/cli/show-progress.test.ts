import { afterEach, expect, test, vi } from 'vitest';
import { withProgress } from '../../../clients/cli/show-progress.ts';
import type { RequestView } from '../../../lambdas/front-door/request-views.ts';

const asked = {
  requestId: 'employee1-01JD3Z9Q2N8K4V6B1C5D7E9F0G',
  status: 'AWAITING_APPROVAL',
  approval: { tier: 'access-approvers', deadline: '2026-11-20T22:15:00.000Z' },
} as RequestView;

afterEach(() => vi.restoreAllMocks());

/** What is written while a request is waited for. */
async function writtenWhile(isWatched: boolean): Promise<string> {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await withProgress({ isWatched }, async (onProgress) => onProgress(asked))).toBeUndefined();
  return written.mock.calls.map(([text]) => String(text)).join('');
}

test('where somebody watches, it says who is asked and until when', async () => {
  expect(await writtenWhile(true)).toContain('access-approvers is asked until 22:15 UTC');
});

test('where nobody does, it is quiet', async () => {
  expect(await writtenWhile(false)).toBe('');
});
