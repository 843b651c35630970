import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSigned } from '../../../slack-app/check-signature.ts';

const SECRET = 'the-signing-secret-of-the-test';
const NOW = new Date('2026-11-20T12:00:00.000Z');
const seconds = (off: number) => String(NOW.getTime() / 1000 + off);
const sign = (body: string, timestamp: string) =>
  `v0=${createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex')}`;
const call = (off = 0, body = 'payload=%7B%7D') => {
  const timestamp = seconds(off);
  return { body, timestamp, signature: sign(body, timestamp) };
};

test.each([0, 299, -299, 300, -300])('a call signed %i seconds off is taken', (off) => {
  expect(isSigned(call(off), SECRET, NOW)).toBe(true);
});

test.each([301, -301, 86_400])('a call signed %i seconds off is not', (off) => {
  expect(isSigned(call(off), SECRET, NOW)).toBe(false);
});

test.each([
  ['without a signature', { signature: undefined }],
  ['without a time', { timestamp: undefined }],
  ['with an empty signature', { signature: '' }],
  ['with a signature of another length', { signature: 'v0=00' }],
  ['with a signature of another version', { signature: call().signature.replace('v0=', 'v1=') }],
  ['with a time that is no number', { timestamp: '1e9' }],
  ['with a time before 1970', { timestamp: '-1' }],
  ['with another body', { body: 'payload=%7B%22a%22%3A1%7D' }],
  ['with another time', { timestamp: seconds(1) }],
  // As numbers they are the very time that was signed.
  ['with a time that has a sign', { timestamp: `+${seconds(0)}` }],
  ['with a time that has a fraction', { timestamp: `${seconds(0)}.0` }],
])('a call %s is not', (_, changed) => {
  expect(isSigned({ ...call(), ...changed }, SECRET, NOW)).toBe(false);
});

test('nor is one signed with another secret', () => {
  expect(isSigned(call(), 'another-signing-secret', NOW)).toBe(false);
});
