import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CHECKS, FORM_CHECKS } from '../../../../policy/check/all-checks.ts';
import { type CheckCase, checkSide, idsOf } from '../../../support/policy/check-case.ts';

const FOLDER = 'test/cases/policy/check';
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const cases = files.flatMap((file) => JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as CheckCase[]);

/** The grammar's findings are of what cannot be read at all. */
const ALL = [...CHECKS, ...FORM_CHECKS];

test('every check has a policy that it finds something in, and one that is just not such', () => {
  const tried = new Set(cases.map(({ id }) => id));
  expect(ALL.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
});

describe.each(cases.map((written, nth) => ({ ...written, nth })))('$id, case $nth', (given) => {
  test('is found', () => {
    const found = checkSide(given, 'fires');
    expect(idsOf(found)).toContain(given.id);
    for (const { title, why, remedy, detail } of found.findings)
      for (const text of [title, why, remedy, detail]) expect(text).not.toMatch(/undefined|\[object/);
  });

  test('is not found where it is just not so', () => {
    const spared = checkSide(given, 'spares');
    expect(spared.isRead).toBe(true);
    expect(idsOf(spared)).not.toContain(given.id);
  });
});
