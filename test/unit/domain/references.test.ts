import { describe, expect, it } from 'vitest';
import { findQuorumAtBest } from '../../../lambdas/shared/domain/guardrails/find-quorum.ts';
import { inWords } from '../../../lambdas/shared/domain/guardrails/guardrail-answers.ts';
import type { Guardrails } from '../../../lambdas/shared/domain/guardrails/guardrails.ts';
import { referencesSchema, tagOfReferences } from '../../../lambdas/shared/domain/outside/references.ts';
import { ofBank } from '../../support/bank.ts';
import { bank } from '../validate-decision/arrange-case.ts';

const five = ['OPS-1', 'a', 'https://x.example/1', 'INC:2026.11', 'z'.repeat(64)];

it.each([[five], [['OPS-12']], [['a/b_c.d:e-f']]])('takes plain names: %j', (references) => {
  expect(referencesSchema.parse(references)).toEqual(references);
});

it.each([
  ['none', []],
  ['six', [...five, 'one-more']],
  ['the same one twice', ['OPS-1', 'OPS-1']],
  ['one too long', ['z'.repeat(65)]],
  ['an empty one', ['']],
  ['a blank', ['OPS 1']],
  ['a line break', ['OPS-1\nOPS-2']],
  ['markup', ['<!channel>']],
  ['another script', ['OPS-１']],
  ['what hides', ['OPS-1\u202e']],
  ['the word for any', ['(any)']],
  ['a text', 'OPS-1'],
])('refuses %s', (_, references) => {
  expect(referencesSchema.safeParse(references).success).toBe(false);
});

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html */
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;

describe('as a session tag', () => {
  it('is words where they fit', () => expect(tagOfReferences(['INC-9', 'OPS-12'])).toBe('INC-9 OPS-12'));

  it.each([
    ['too many characters', five.map((_, nth) => `${nth}`.repeat(64))],
    ['what reads like a digest', ['sha256:0123']],
  ])('is a digest for %s', (_, references) => {
    expect(tagOfReferences(references)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(tagOfReferences(references)).toMatch(TAG_VALUE);
    expect(tagOfReferences([...references].slice(0, -1))).not.toBe(tagOfReferences(references));
  });

  it('is what STS takes', () => expect(tagOfReferences(five)).toMatch(TAG_VALUE));
});

it('says of what could be granted that it takes a reference', () => {
  const resource = bank.catalog.resources.get('bank_operational_metrics');
  if (!resource) throw new Error('no such resource');
  const guardrails = (least: number): Guardrails => ({
    digest: 'sha256:test',
    ask: ({ context: { references = [], approvals } }) => ({
      allowed: references.length > 0 && approvals >= least,
      policyIds: [],
      errors: [],
    }),
  });
  const question = {
    principal: ofBank('analyst1'),
    resource,
    actions: ['dynamodb:Query'],
    context: { durationSeconds: 900, onBehalfOf: false },
  };
  const said = (least: number) =>
    inWords(findQuorumAtBest(guardrails(least), question, { approvals: 0, stepUp: 0 }));
  expect(said(0)).toBe('allowed, with a reference');
  expect(said(2)).toBe('2 approvals, with a reference');
  expect(said(4)).toBe('never');
});
