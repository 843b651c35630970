import type { IpRange } from '../../parse/read-ip-range.ts';
import type { AddressRange } from './rule.ts';

/** Where the addresses of IPv6 begin, on one line with those of IPv4. */
const IPV6 = 1n << 128n;

export const ALL_ADDRESSES: readonly AddressRange[] = [
  { from: 0n, to: (1n << 32n) - 1n },
  { from: IPV6, to: IPV6 + (1n << 128n) - 1n },
];

export const addressRangeOf = ({ family, first, last }: IpRange): AddressRange =>
  family === 4 ? { from: first, to: last } : { from: first + IPV6, to: last + IPV6 };

export const isInAddressRange = ({ from, to }: AddressRange, address: bigint): boolean =>
  from <= address && address <= to;

/** Ranges that an address must be in, some of them; or, where it is negated, in none of them. */
export type AddressDemand = { readonly ranges: readonly AddressRange[]; readonly negated: boolean };

/** An address that meets all demands; undefined where there is none. */
export function findAddress(demands: readonly AddressDemand[]): string | undefined {
  let left = ALL_ADDRESSES;
  for (const { ranges, negated } of demands) left = negated ? without(left, ranges) : shared(left, ranges);
  return left[0] && textOf(left[0].from);
}

const shared = (some: readonly AddressRange[], others: readonly AddressRange[]): AddressRange[] =>
  some.flatMap((range) =>
    others
      .map((other) => ({
        from: range.from > other.from ? range.from : other.from,
        to: range.to < other.to ? range.to : other.to,
      }))
      .filter(({ from, to }) => from <= to),
  );

function without(some: readonly AddressRange[], others: readonly AddressRange[]): readonly AddressRange[] {
  return others.reduce<readonly AddressRange[]>(
    (left, { from, to }) =>
      left.flatMap((remaining) =>
        [
          { from: remaining.from, to: remaining.to < from ? remaining.to : from - 1n },
          { from: remaining.from > to ? remaining.from : to + 1n, to: remaining.to },
        ].filter((range) => range.from <= range.to),
      ),
    some,
  );
}

function textOf(address: bigint): string {
  if (address < IPV6) return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');
  return Array.from({ length: 8 }, (_, index) =>
    (((address - IPV6) >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  ).join(':');
}
