import { expect, test } from 'vitest';
import { readPort } from '../../sandbox/read-port.ts';

test.each([
  [undefined, 4780],
  ['', 4780],
  ['0', 0],
  ['65535', 65_535],
])('%j is %i', (text, port) => {
  expect(readPort({ PORT: text }, 'PORT', 4780)).toBe(port);
});

test.each(['http', '-1', '65536', '99999', '80.5', '0x50', ' 80', '1e3'])(
  '%j is refused by its name',
  (text) => {
    expect(() => readPort({ PORT: text }, 'PORT', 4780)).toThrow(/PORT must be a port number/);
  },
);
