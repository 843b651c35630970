/** The addresses from `first` to `last`, both among them, as numbers of their family. */
export type IpRange = { readonly family: 4 | 6; readonly first: bigint; readonly last: bigint };

/**
 * The addresses that an address or a range in CIDR form means; undefined where it is neither. Bits past the
 * prefix do not count.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
 */
export function readIpRange(text: string): IpRange | undefined {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = address.includes(':') ? 6 : 4;
  const bits = family === 6 ? bitsOfIpv6(address) : bitsOfIpv4(address);
  const width = family === 6 ? 128 : 32;
  const length = prefix === undefined ? width : Number(prefix);
  if (bits === undefined || length > width) return undefined;
  const size = 1n << BigInt(width - length);
  const first = bits - (bits % size);
  return { family, first, last: first + size - 1n };
}

function bitsOfIpv4(address: string): bigint | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

/** @see https://www.rfc-editor.org/rfc/rfc4291#section-2.2 */
function bitsOfIpv6(address: string): bigint | undefined {
  const groups = groupsOfIpv6(withoutDots(address));
  if (groups === undefined || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** The eight groups, those that `::` leaves out filled in; undefined where there are not eight. */
function groupsOfIpv6(address: string): readonly string[] | undefined {
  const halves = address.split('::');
  const [head = '', tail] = halves;
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before.length === 8 ? before : undefined;
  const after = tail === '' ? [] : tail.split(':');
  const left = 8 - before.length - after.length;
  if (halves.length > 2 || left < 1) return undefined;
  return [...before, ...Array<string>(left).fill('0'), ...after];
}

/** An IPv4 address at the end stands for the last two groups. */
function withoutDots(address: string): string {
  const [, head, tail = ''] = /^(.*:)([^:]*\..*)$/.exec(address) ?? [];
  const bits = head === undefined ? undefined : bitsOfIpv4(tail);
  if (bits === undefined) return address;
  return `${head}${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;
}
