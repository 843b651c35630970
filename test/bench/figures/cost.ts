import { readFileSync } from 'node:fs';
import type { Row } from '../figure.ts';
import { PRICES } from '../prices.ts';

/** What docs/cost.md says of one review's tokens. The model's own price, in dollars a million, where it is given. */
const TOKENS_A_REQUEST = 2_000;
const TOKEN_PRICE = Number(process.env.TOKEN_PRICE ?? 0) / 1e6;

const ROW =
  /^\| (?<what>[^|]+) \| (?<transitions>\d+) \| (?<invocations>\d+) \| (?<writeUnits>\d+) \| (?<readUnits>\d+) \|$/gm;
const COUNTED = /<!-- counted -->(.*)<!-- \/counted -->/s;

/**
 * Dollars for a thousand requests: a thousand times the sum of each count and its price. The counts are those of
 * docs/cost.md, which `npm run docs:cost` counts in a run and a test keeps true.
 */
export async function takeFigure(): Promise<Row[]> {
  const [, counted = ''] = COUNTED.exec(readFileSync('docs/cost.md', 'utf8')) ?? [];
  const rows = [...counted.matchAll(ROW)].map(({ groups = {} }) => {
    const dollarsOf = (part: 'transitions' | 'invocations' | 'writeUnits' | 'readUnits') =>
      Number(groups[part]) * PRICES[part] * 1000;
    const [transitions, invocations] = [dollarsOf('transitions'), dollarsOf('invocations')];
    const units = dollarsOf('writeUnits') + dollarsOf('readUnits');
    const tokens = TOKENS_A_REQUEST * TOKEN_PRICE * 1000;
    const cents = (dollars: number) => Math.round(dollars * 10_000) / 10_000;
    return {
      what: `a thousand, each ${groups.what?.trim()}`,
      'transitions, $': cents(transitions),
      'invocations, $': cents(invocations),
      'DynamoDB units, $': cents(units),
      'tokens, millions': (TOKENS_A_REQUEST * 1000) / 1e6,
      ...(TOKEN_PRICE > 0 && { 'tokens, $': cents(tokens) }),
      'together, $': cents(transitions + invocations + units + tokens),
    };
  });
  if (rows.length === 0) throw new Error('docs/cost.md has no counts');
  return rows;
}
