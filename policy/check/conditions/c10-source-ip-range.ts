import { readIpRange } from '../../parse/read-ip-range.ts';
import type { Check } from '../check.ts';
import { atCondition } from '../places.ts';
import { eachCondition } from './each-condition.ts';

/** Ranges from which no request comes to AWS's public endpoints. RFC 1918, 6598, 3927, 1122, 4193. */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
];

export const c10SourceIpRange: Check = {
  id: 'C10',
  severity: 'high',
  title: 'a private range, or all addresses, in aws:SourceIp',
  why: 'aws:SourceIp is the public address: a private range never matches there, and 0.0.0.0/0 always does.',
  remedy: 'Name public ranges; for addresses within a VPC use aws:VpcSourceIp with aws:SourceVpc.',
  *run({ policy }) {
    for (const { statement, condition, nth } of eachCondition(policy)) {
      if (condition.key !== 'aws:sourceip') continue;
      for (const { text } of condition.values) {
        const isAll = /^(?:0\.0\.0\.0|::)\/0$/.test(text);
        if (!isAll && !isPrivate(text)) continue;
        yield {
          ...atCondition(statement, nth),
          detail: isAll ? `${text} is every address.` : `${text} is a private range.`,
        };
      }
    }
  },
};

function isPrivate(text: string): boolean {
  const range = readIpRange(text);
  return PRIVATE.some((reservedText) => {
    const reserved = readIpRange(reservedText);
    return (
      range !== undefined &&
      reserved?.family === range.family &&
      reserved.first <= range.first &&
      range.last <= reserved.last
    );
  });
}
