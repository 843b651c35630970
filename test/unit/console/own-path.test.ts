import { expect, test } from 'vitest';
import { ownPath } from '../../../console/sign-in/sign-in-routes.ts';

const HOST = 'https://postern.bank.example';

test.each([
  '//evil.example/',
  '/\\evil.example/',
  '/\t/evil.example/',
  '/.//evil.example/',
  '/%2e//evil.example/',
  '/requests/..//evil.example/',
  '/./\\evil.example/',
  '\\\\evil.example/',
  'https://evil.example/',
  'javascript:alert(1)',
  '/signed-in?code=stolen',
  '/./signed-in?code=stolen',
  '',
  undefined,
])('signing in at the console leads home, not to %j', (to) => {
  expect(ownPath(to, HOST)).toBe('/');
});

test.each(['/', '/ask?x=1', '/requests/analyst1-01K0000000000000000000000A'])(
  'signing in leads back to %s',
  (to) => {
    expect(ownPath(to, HOST)).toBe(to);
    expect(new URL(ownPath(to, HOST), HOST).origin).toBe(HOST);
  },
);
