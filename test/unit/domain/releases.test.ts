import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ZodType } from 'zod';
import { VERSION } from '../../../infra/version.ts';
import { awaitClaimSchema } from '../../../lambdas/await-claim/await-claim.ts';
import { loadedStateSchema } from '../../../lambdas/review-request/review-request.ts';
import { requestRowSchema } from '../../../lambdas/shared/domain/request-row.ts';
import { voteSchema } from '../../../lambdas/shared/domain/vote.ts';
import {
  sealedTaskSchema,
  tokenTaskSchema,
  workflowStateSchema,
} from '../../../lambdas/shared/domain/workflow-state.ts';
import { reviewedStateSchema } from '../../../lambdas/validate-decision/seal-verdict.ts';
import type { PlayedRelease } from '../../support/play-release.ts';

/** What each function that a state invokes reads its event by. */
const READ_BY: Readonly<Record<string, ZodType>> = {
  'load-policy': workflowStateSchema,
  'review-request': loadedStateSchema,
  'validate-decision': reviewedStateSchema,
  'request-approval': tokenTaskSchema,
  'tally-votes': workflowStateSchema,
  'await-claim': awaitClaimSchema,
  'assume-role': sealedTaskSchema,
  'apply-change': sealedTaskSchema,
  'write-log': workflowStateSchema,
};

/** Recorded by test/deep/releases.test.ts, each when it was released: executions and rows may be of any of these. */
const releases = readdirSync('test/cases/releases').map((file): [string, PlayedRelease] => [
  file.replace('.json', ''),
  JSON.parse(readFileSync(`test/cases/releases/${file}`, 'utf8')),
]);

test('what this release hands on is recorded', () => {
  expect(releases.map(([version]) => version)).toContain(VERSION);
});

test.each(releases)('a running execution of %s is still understood, by every function', (_, { inputs }) => {
  expect(Object.keys(inputs).sort()).toEqual(Object.keys(READ_BY).sort());
  for (const [name, payloads] of Object.entries(inputs))
    for (const payload of payloads) {
      const read = READ_BY[name]?.safeParse(payload);
      expect([name, read?.error?.issues ?? []]).toEqual([name, []]);
      // Nothing that was handed on is lost by reading it.
      expect([name, read?.data]).toEqual([name, payload]);
    }
});

test.each(releases)('rows and votes that %s left are still read', (_, { requests, votes }) => {
  expect(requests.length).toBeGreaterThan(3);
  for (const row of requests) expect(requestRowSchema.parse(row)).toEqual(row);
  const cast = votes.filter((item) => typeof (item as { decision?: unknown }).decision === 'string');
  expect(cast.length).toBeGreaterThan(2);
  for (const vote of cast) expect(voteSchema.parse(vote)).toMatchObject({ decision: 'approve' });
});
