import { expect, test } from 'vitest';
import type { Verdict } from '../../../lambdas/shared/domain/verdict.ts';
import { claimAheadOf } from '../../../lambdas/validate-decision/claim-ahead.ts';
import { approver, grantedState, NOW, voteBy } from '../../support/example-state.ts';

const { request, verdict } = grantedState();
const granted = verdict as Verdict;
const asked = { ...request, claimAhead: 'thumb' };
const subject = { issuer: 'https://issuer.example', id: 'c-1042' };
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const { evidence } = voteBy(approver);

test.each<[string, Parameters<typeof claimAheadOf>]>([
  ['a grant of the first pass', [granted, { request: asked }, after(200)]],
  [
    'one for a subject, within half a minute of its token’s verification',
    [granted, { request: { ...asked, subject } }, after(30)],
  ],
])('%s is minted for the key that it was claimed with ahead', (_, [decided, state, now]) => {
  expect(claimAheadOf(decided, state, now)).toBe('thumb');
});

test.each<[string, Parameters<typeof claimAheadOf>]>([
  ['nobody claimed ahead', [granted, { request }, NOW]],
  ['people voted', [granted, { request: asked, evidence }, NOW]],
  [
    'it rests on votes of before, by a window',
    [{ ...granted, approvers: voteBy(approver).approvers }, { request: asked }, NOW],
  ],
  ['a subject’s token was verified too long ago', [granted, { request: { ...asked, subject } }, after(31)]],
  ['it is a dry run', [granted, { request: { ...asked, dryRun: true } }, NOW]],
  ['it is a denial', [{ ...granted, outcome: 'deny' } as Verdict, { request: asked }, NOW]],
])('a claim is waited for where %s', (_, [decided, state, now]) => {
  expect(claimAheadOf(decided, state, now)).toBeUndefined();
});
