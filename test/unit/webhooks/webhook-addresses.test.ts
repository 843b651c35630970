import { expect, test } from 'vitest';
import { parseSettings } from '../../../infra/settings.ts';

const withUrl = (url: string) => JSON.stringify({ webhooks: [{ name: 'pager', url }] });

test.each([
  ['http://events.pager.example/x', 'is not an https:// address'],
  ['https://localhost/x', 'names no public host'],
  ['https://printer.local/x', 'names no public host'],
  ['https://broker.internal/x', 'names no public host'],
  ['https://10.0.0.8/x', 'names no public host'],
  ['https://2130706433/x', 'names no public host'],
  ['https://0x7f.0.0.1/x', 'names no public host'],
  ['https://[::1]/x', 'names no public host'],
  ['https://169.254.169.254/latest/meta-data', 'names no public host'],
  ['https://intranet/x', 'names no public host'],
  ['https://user:word@events.pager.example/x', 'holds a user or a password'],
  ['https://events.pager.example/x#part', 'has a fragment'],
  [`https://events.pager.example/${'x'.repeat(300)}`, 'webhooks.0.url'],
  ['no address', 'webhooks.0.url'],
])('%s is refused before anything is deployed', (url, problem) => {
  expect(() => parseSettings(withUrl(url))).toThrow(problem);
});

test('a public https address is taken; names are unique, and five are the most', () => {
  expect(parseSettings(withUrl('https://events.pager.example:8443/x?key=1')).webhooks).toHaveLength(1);
  const some = (names: string[]) =>
    JSON.stringify({ webhooks: names.map((name) => ({ name, url: 'https://a.example/' })) });
  expect(() => parseSettings(some(['a', 'a']))).toThrow('two have the same name');
  expect(() => parseSettings(some(['a', 'b', 'c', 'd', 'e', 'f']))).toThrow('webhooks');
  expect(() => parseSettings(some(['A b']))).toThrow('is no name');
});

test('what functions are told of them fits beside their other variables', () => {
  const most = Array.from({ length: 5 }, (_, index) => ({
    name: `${'n'.repeat(31)}${index}`,
    url: `https://a.example/${'x'.repeat(282)}`,
    events: ['asked', 'escalated', 'decided'],
  }));
  const { webhooks } = parseSettings(JSON.stringify({ webhooks: most }));
  // Lambda takes 4 kB of variables in all.
  expect(JSON.stringify(webhooks).length).toBeLessThan(2_400);
});
