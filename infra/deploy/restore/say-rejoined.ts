import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';

type Lost = { readonly chain: string; readonly seq: number; readonly hash: string };

/** What joining the audit log to its archive came to, as the function answers it. */
export type Rejoined = {
  readonly putBack: Readonly<Record<string, number>>;
  readonly lost: readonly Lost[];
  readonly unexplained: readonly Lost[];
};

/** What was done, or would be, in lines for whoever restored the tables. */
export function sayRejoined({ putBack, lost, unexplained }: Rejoined, done: 'were' | 'would be'): string[] {
  const place = ({ chain, seq, hash }: Lost) => `  ${visibleText(chain)} ${seq} (${hash.slice(0, 19)}…)`;
  const count = Object.values(putBack).reduce((sum, records) => sum + records, 0);
  return [
    `${count} records ${done} put back from the archive`,
    ...Object.entries(putBack).map(([chain, records]) => `  ${visibleText(chain)}: ${records}`),
    ...(lost.length > 0 ? [`${lost.length} records ${done} recorded as lost`, ...lost.map(place)] : []),
    ...(unexplained.length > 0
      ? [
          'NOT EXPLAINED by a restoration to that time, and left as it is: somebody changed the table, or the time is wrong',
          ...unexplained.map(place),
        ]
      : []),
  ];
}
