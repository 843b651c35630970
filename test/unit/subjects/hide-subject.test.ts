import { describe, expect, test } from 'vitest';
import { hideSubject, putBackPieces } from '../../../lambdas/shared/domain/subjects/hide-subject.ts';
import { readSubjectsInPrompts } from '../../../lambdas/shared/domain/subjects/subjects-in-prompts.ts';

describe('an identifier that can only be the subject’s', () => {
  test.each([
    ['c-1042', 'The balance of c-1042, and again C-1042.', 'The balance of [subject], and again [subject].'],
    ['c-1042', 'USER#c-1042 and acc-1042x', 'USER#[subject] and ac[subject]x'],
    ['c-1042', 'of c%2D1042, C%2d1042 and %63-1042', 'of [subject], [subject] and [subject]'],
    ['auth0|5f7c', 'rows of auth0%7C5f7c and AUTH0|5F7C', 'rows of [subject] and [subject]'],
    ['ann lee@x.example', '?q=Ann+Lee%40x.example', '?q=[subject]'],
    ['a"b\\c"', 'it is a\\"b\\\\c\\" in JSON', 'it is [subject] in JSON'],
    ['josé-42', 'jose\u0301-42, JOSÉ-42, jos%C3%A9-42', '[subject], [subject], [subject]'],
    ['.*+?^${}()|[]', 'a pattern .*+?^${}()|[] is text', 'a pattern [subject] is text'],
    ['100042', 'acct100042', 'acct[subject]'],
  ])('%s in “%s”', (id, text, hidden) => {
    const hiding = hideSubject({ id });
    expect(hiding.hide(text)).toBe(hidden);
    expect(hiding.hideUnmistakable(text)).toBe(hidden);
    expect(hiding.isMistakable(text)).toBe(false);
  });
});

describe('an identifier that could be a word or a number of its own', () => {
  test.each([
    ['not', 'May not read notes, NOT ever.', 'May [subject] read notes, [subject] ever.'],
    ['a', 'Read a balance for A', 'Read [subject] balance for [subject]'],
    ['7', 'at most 7 of 17 rows', 'at most [subject] of 17 rows'],
    ['1042', 'account 1042, not 11042', 'account [subject], not 11042'],
    ['alice', "Alice's and malice", "[subject]'s and malice"],
    ['é', 'e\u0301 and é', '[subject] and [subject]'],
  ])('%s in “%s”', (id, text, hidden) => {
    const hiding = hideSubject({ id });
    expect(hiding.hide(text)).toBe(hidden);
    expect(hiding.hideUnmistakable(text)).toBe(text);
    expect(hiding.isMistakable(text)).toBe(true);
    expect(hiding.isMistakable('There is nothing of the kind here.')).toBe(false);
  });
});

test('what the token says besides is hidden too, the longer first, and no placeholder is taken for an identifier', () => {
  const hiding = hideSubject({ id: 'c-1042', attributes: { account: 'DE-c-1042-77', tenant: 'subject' } });
  expect(hiding.hide('c-1042 has DE-c-1042-77 at subject')).toBe(
    '[subject] has [subject.account] at [subject.tenant]',
  );
  expect(hiding.putBack('[subject] has [subject.account] at [subject.tenant], not [subject.other]')).toBe(
    'c-1042 has DE-c-1042-77 at subject, not [subject.other]',
  );
});

test('a sentence that would become too long keeps its placeholder', () => {
  const { putBack } = hideSubject({ id: 'c-1042$&' });
  expect(putBack('It is [subject].', 14)).toBe('It is [subject].');
  expect(putBack('It is [subject].', 15)).toBe('It is c-1042$&.');
});

test('an id of the greatest length is found in a long text at once', () => {
  const hiding = hideSubject({ id: 'a%'.repeat(127) });
  const started = performance.now();
  hiding.hide('a%61%'.repeat(5_000));
  expect(performance.now() - started).toBeLessThan(2_000);
});

test.each([
  [['It is [sub', 'ject], as [', 'x] said [subj'], 'It is c-1042, as [x] said [subj'],
  [['[', 's', 'ubject', ']'], 'c-1042'],
  [['[[subject]'], '[c-1042'],
  [['no placeholder'], 'no placeholder'],
])('pieces %j are put together as one text', (pieces, whole) => {
  let said = '';
  const { write, end } = putBackPieces(hideSubject({ id: 'c-1042' }), (text) => {
    said += text;
  });
  for (const piece of pieces) write(piece);
  end();
  expect(said).toBe(whole);
});

test('the environment says hidden, shown or nothing, and no other word', () => {
  expect([undefined, '', 'shown', 'hidden'].map(readSubjectsInPrompts)).toEqual([
    'shown',
    'shown',
    'shown',
    'hidden',
  ]);
  expect(() => readSubjectsInPrompts('Hidden')).toThrow();
});
