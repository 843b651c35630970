import { expect, test } from 'vitest';
import {
  type AddressDemand,
  ALL_ADDRESSES,
  findAddress,
} from '../../../../policy/prove/rules/address-ranges.ts';
import {
  type Comparison,
  findNumber,
  meetsAll,
  type NumberDemand,
  rangeOf,
} from '../../../../policy/prove/rules/number-ranges.ts';

const COMPARISONS: readonly Comparison[] = [
  'Equals',
  'LessThan',
  'LessThanEquals',
  'GreaterThan',
  'GreaterThanEquals',
];
const demandsOf = (values: readonly number[]): NumberDemand[] =>
  COMPARISONS.flatMap((comparison) =>
    values.flatMap((value) =>
      [false, true].map((negated) => ({ ranges: [rangeOf(comparison, value)], negated })),
    ),
  );

test('a number that meets all demands is found where there is one', () => {
  // Between neighbours all numbers are alike, so that these are all there is to try.
  const values = [0, 1, 2.5, 2.75];
  const grid = [-1, 0, 0.5, 1, 1.5, 2, 2.5, 2.6, 2.75, 3, 4];
  const demands = demandsOf(values);
  for (const first of demands)
    for (const second of demands)
      for (const third of demands.filter((_, nth) => nth % 7 === 0)) {
        const together = [first, second, third];
        const found = findNumber(together);
        if (found === undefined) expect(grid.filter((number) => meetsAll(together, number))).toEqual([]);
        else expect(meetsAll(together, found)).toBe(true);
      }
});

test.each<[string, number, number, number | undefined]>([
  ['a whole number before a broken one', 0.5, 1.5, 1],
  ['a broken one where there is no whole one', 0.5, 0.75, 0.625],
  ['none between equals', 1, 1, undefined],
  ['the next whole one', 1, 9, 2],
])('%s is found between two', (_, low, high, number) => {
  const above = { ranges: [rangeOf('GreaterThan', low)], negated: false };
  const below = { ranges: [rangeOf('LessThan', high)], negated: false };
  expect(findNumber([above, below])).toBe(number);
});

test('the number of a demand itself is taken first, and zero where nothing is demanded of it', () => {
  expect(findNumber([{ ranges: [rangeOf('GreaterThanEquals', 7)], negated: false }])).toBe(7);
  expect(findNumber([{ ranges: [rangeOf('GreaterThan', 7)], negated: false }])).toBe(8);
  expect(findNumber([{ ranges: [rangeOf('LessThan', 7)], negated: false }])).toBe(6);
  expect(findNumber([{ ranges: [rangeOf('LessThan', 6.5)], negated: false }])).toBe(6);
  expect(findNumber([{ ranges: [rangeOf('GreaterThan', 6.5)], negated: false }])).toBe(7);
});

const [v4, v6] = ALL_ADDRESSES;
const inside = (from: bigint, to: bigint): AddressDemand => ({ ranges: [{ from, to }], negated: false });
const outside = (...ranges: { from: bigint; to: bigint }[]): AddressDemand => ({ ranges, negated: true });

test.each<[string, AddressDemand[], string | undefined]>([
  ['the first of a range', [inside(10n, 20n)], '0.0.0.10'],
  ['the first of what two share', [inside(10n, 20n), inside(15n, 30n)], '0.0.0.15'],
  ['the one that two share', [inside(10n, 20n), inside(20n, 30n)], '0.0.0.20'],
  ['none that two share', [inside(10n, 19n), inside(20n, 30n)], undefined],
  ['after what is left out', [inside(10n, 20n), outside({ from: 0n, to: 14n })], '0.0.0.15'],
  ['before what is left out', [inside(10n, 20n), outside({ from: 11n, to: 99n })], '0.0.0.10'],
  [
    'between what is left out',
    [inside(10n, 20n), outside({ from: 10n, to: 12n }, { from: 14n, to: 20n })],
    '0.0.0.13',
  ],
  [
    'what is left out lies elsewhere',
    [inside(10n, 20n), outside({ from: 21n, to: 30n }, { from: 0n, to: 9n })],
    '0.0.0.10',
  ],
  ['nothing is left', [inside(10n, 20n), outside({ from: 10n, to: 15n }, { from: 16n, to: 20n })], undefined],
  ['one is left at the end', [inside(10n, 20n), outside({ from: 10n, to: 19n })], '0.0.0.20'],
  [
    'in one of two',
    [
      {
        ranges: [
          { from: 30n, to: 40n },
          { from: 5n, to: 6n },
        ],
        negated: false,
      },
      inside(0n, 20n),
    ],
    '0.0.0.5',
  ],
  ['all bytes are shown', [inside(0x01020304n, 0x01020304n)], '1.2.3.4'],
  ['of IPv6', [outside(v4 as { from: bigint; to: bigint })], '0:0:0:0:0:0:0:0'],
  [
    'one of IPv6',
    [inside((v6?.from ?? 0n) + 0x20010db8000000000000000000000001n, v6?.to ?? 0n)],
    '2001:db8:0:0:0:0:0:1',
  ],
])('an address: %s', (_, demands, address) => {
  expect(findAddress(demands)).toBe(address);
});
