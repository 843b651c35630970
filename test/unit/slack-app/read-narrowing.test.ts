import { expect, test } from 'vitest';
import { readNarrowing } from '../../../slack-app/listeners/read-narrowing.ts';
import type { ModalValues } from '../../../slack-app/listeners/read-press.ts';

const asked = {
  grants: [
    { resource: 'bank_balances', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
    { resource: 'bank_transactions', actions: ['dynamodb:Query'] },
  ],
  durationSeconds: 1800,
};
const ticked = (...values: string[]) => ({ value: { selected_options: values.map((value) => ({ value })) } });
const chosen = (value: string) => ({ value: { selected_option: { value } } });

/** The modal as it opens: everything ticked, the whole time, no window. */
const whole: ModalValues = {
  'grant:bank_balances': ticked('dynamodb:GetItem', 'dynamodb:UpdateItem'),
  'grant:bank_transactions': ticked('dynamodb:Query'),
  duration: chosen('1800'),
  window: chosen('0'),
};
const read = (changed: ModalValues = {}) => readNarrowing({ ...whole, ...changed }, asked);

test('nothing changed is the whole', () => {
  expect(read()).toEqual({ kind: 'narrowing', narrowing: undefined });
});

test('an action less, a grant less', () => {
  expect(
    read({ 'grant:bank_balances': ticked('dynamodb:GetItem'), 'grant:bank_transactions': ticked() }),
  ).toEqual({
    kind: 'narrowing',
    narrowing: { grants: [{ resource: 'bank_balances', actions: ['dynamodb:GetItem'] }] },
  });
});

test('a shorter session, and a window', () => {
  expect(read({ duration: chosen('900'), window: chosen('3600') })).toEqual({
    kind: 'narrowing',
    narrowing: { durationSeconds: 900, windowSeconds: 3600 },
  });
});

test('nothing left is no approval', () => {
  expect(read({ 'grant:bank_balances': ticked(), 'grant:bank_transactions': ticked() })).toEqual({
    kind: 'nothing',
    blockId: 'grant:bank_balances',
  });
});

test('all actions of a grant with many', () => {
  expect(read({ 'grant:bank_balances': ticked('*') })).toEqual({ kind: 'narrowing', narrowing: undefined });
});

test.each([
  [
    'an action that was not asked for',
    { 'grant:bank_balances': ticked('dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:Scan') },
  ],
  ['a resource that was not asked for', { 'grant:users_table': ticked('dynamodb:Scan') }],
  ['a longer session', { duration: chosen('3600') }],
])('%s adds nothing', (_, changed) => {
  expect(read(changed)).toEqual({ kind: 'narrowing', narrowing: undefined });
});

test.each([
  ['a session shorter than AWS has', { duration: chosen('1') }],
  ['a session of a fraction', { duration: chosen('900.5') }],
  ['a session of no number', { duration: chosen('long') }],
  ['a window of years', { window: chosen('1e9') }],
  ['a window of a fraction', { window: chosen('0.5') }],
  ['a window that has passed', { window: chosen('-3600') }],
  ['a window of no number', { window: chosen('ever') }],
  ['a window without end', { window: chosen('Infinity') }],
])('%s is refused whole', (_, changed) => {
  expect(read(changed)).toEqual({ kind: 'malformed' });
});

test('a grant that the modal had no room for stays whole', () => {
  const { 'grant:bank_transactions': __, ...rest } = whole;
  expect(readNarrowing({ ...rest, 'grant:bank_balances': ticked('dynamodb:GetItem') }, asked)).toEqual({
    kind: 'narrowing',
    narrowing: { grants: [{ resource: 'bank_balances', actions: ['dynamodb:GetItem'] }, asked.grants[1]] },
  });
});
