import { afterEach, expect, test, vi } from 'vitest';
import { withProgress } from '../../../clients/cli/show-progress.ts';
import type { RequestView } from '../../../lambdas/front-door/request-views.ts';

const asked = {
  requestId: 'employee1-01JD3Z9Q2N8K4V6B1C5D7E9F0G',
  status: 'AWAITING_APPROVAL',
  approval: { tier: 'access-approvers', deadline: '2026-11-20T22:15:00.000Z' },
} as RequestView;

afterEach(() => vi.restoreAllMocks());

/** What is written while a request is waited for: on the line that changes, and in lines that stay. */
async function writtenWhile(isWatched: boolean): Promise<{ changing: string; lines: string[] }> {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const lines: string[] = [];
  const context = {
    isWatched,
    err: (line: string) => lines.push(line),
    signal: new AbortController().signal,
  };
  expect(await withProgress(context, async (onProgress) => onProgress(asked))).toBeUndefined();
  return { changing: written.mock.calls.map(([text]) => String(text)).join(''), lines };
}

test('where somebody watches, it says who is asked and until when', async () => {
  const { changing, lines } = await writtenWhile(true);
  expect(changing).toContain('access-approvers is asked until 22:15 UTC');
  expect(lines).toEqual([]);
});

test('where nobody does, it says so once, with the id by which to go on', async () => {
  expect(await writtenWhile(false)).toEqual({
    changing: '',
    lines: [`postern: ${asked.requestId}: access-approvers is asked until 22:15 UTC …`],
  });
});

test('an interrupt is told with the request that stands, and how to go on', async () => {
  const interrupt = new AbortController();
  const run = withProgress(
    { isWatched: false, err: () => {}, signal: interrupt.signal },
    async (onProgress) => {
      onProgress(asked);
      interrupt.abort();
      interrupt.signal.throwIfAborted();
    },
  );
  await expect(run).rejects.toMatchObject({
    code: 'interrupted',
    requestId: asked.requestId,
    message: expect.stringContaining(`postern claim ${asked.requestId}`),
  });
});
