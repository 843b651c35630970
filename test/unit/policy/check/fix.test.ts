import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkPolicy } from '../../../../policy/check/check-policy.ts';
import { fixPolicy } from '../../../../policy/check/fix-policy.ts';
import { makeReference, prove } from '../../../../policy/prove/prove.ts';
import { type CheckCase, data, policyOf } from '../../../support/policy/check-case.ts';

const FOLDER = 'test/cases/policy/check';
const cases = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as CheckCase[])
  .filter(({ fires }) => typeof fires !== 'string');

const MENDED = ['B', 'C', 'G', 'N', 'S'];

describe('what is mended', () => {
  const mended = new Set<string>();

  test.each(cases.map((written, nth) => [`${written.id}, case ${nth}`, written] as const))(
    '%s',
    (_, given) => {
      const input = { name: 'p', type: given.type, text: JSON.stringify(given.fires) };
      const fixed = fixPolicy(input, { data });
      if (!fixed || fixed.applied.length === 0) return;
      for (const { id } of fixed.applied) mended.add(id);
      const before = policyOf(given.fires, given.type);
      const after = policyOf(fixed.document, given.type);
      expect(prove([[after]], makeReference([[before]])).verdict).toBe('within');
      const count = (text: string) => checkPolicy({ ...input, text }, { data }).findings.length;
      expect(count(JSON.stringify(fixed.document))).toBeLessThan(count(input.text));
      // Nothing is left that would be mended, were it asked again.
      expect(fixPolicy({ ...input, text: JSON.stringify(fixed.document) }, { data })?.applied).toEqual([]);
    },
  );

  test('are findings of many kinds', () => {
    expect([...mended].sort()).toEqual(
      ['C02', 'C03', 'C06', 'C07', 'C12', 'C13', 'G02', 'G03', 'N03', 'N14', 'S01', 'S03', 'S04'].sort(),
    );
    expect([...mended].every((id) => MENDED.includes(id[0] ?? ''))).toBe(true);
  });
});

test('a change that would allow more is not made', () => {
  const version = (Version: string | undefined) => ({
    ...(Version && { Version }),
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/${aws:username}/*' }],
  });
  const fix = (document: object) =>
    fixPolicy({ name: 'p', type: 'identity', text: JSON.stringify(document) }, { data })?.applied ?? [];
  expect(fix(version(undefined)).map(({ id }) => id)).not.toContain('G02');
  expect(fix(version('2008-10-17')).map(({ id }) => id)).not.toContain('G03');
});

test('what cannot be read is not mended', () => {
  expect(fixPolicy({ name: 'p', type: 'identity', text: '{' }, { data })).toBeUndefined();
  expect(fixPolicy({ name: 'p', type: 'identity', text: '{}' }, { data })).toBeUndefined();
});
