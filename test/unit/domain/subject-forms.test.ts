import { expect, test } from 'vitest';
import {
  folderOfSubject,
  literalInPattern,
  literalInPolicy,
  tagOfSubject,
} from '../../../lambdas/shared/domain/identity/subject-forms.ts';

const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;
const HOSTILE = [
  'auth0|5f7c',
  '*',
  '?',
  '${aws:username}',
  'a\nb',
  '\u0000',
  '\u{1F600}',
  '..',
  'a/b',
  "'; --",
  'x'.repeat(255),
];

test.each(['c-1042', 'user_1', 'abe@bank.example', 'a b', 'Zm9v+/=='])('%j is a tag as it is', (id) => {
  expect(tagOfSubject(id)).toBe(id);
});

test.each(HOSTILE)('%j is a tag that STS takes, and a folder of its own', (id) => {
  expect(tagOfSubject(id)).toMatch(TAG);
  expect(folderOfSubject(id)).not.toContain('/');
  expect(['.', '..', '']).not.toContain(folderOfSubject(id));
});

test('no subject passes for the digest of another', () => {
  const digest = tagOfSubject('auth0|1');
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(tagOfSubject(digest)).not.toBe(digest);
  expect(folderOfSubject(folderOfSubject('a/b'))).not.toBe(folderOfSubject('a/b'));
});

test('in a policy every character stands for itself', () => {
  expect(literalInPolicy('${aws:username}*?')).toBe('${$}{aws:username}*?');
  expect(literalInPattern('$*?a')).toBe('${$}${*}${?}a');
});
