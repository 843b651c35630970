import { groupBy } from '../../group-by.ts';
import type { Entry } from './find-entries.ts';
import type { Step } from './find-steps.ts';

/** Steps by where they begin, looked up once for as many questions as there are. */
export type Steps = ReadonlyMap<string, readonly Step[]>;
export const stepsByStart = (steps: readonly Step[]): Steps => groupBy(steps, ({ from }) => from);

/** Of whoever can be reached from where ways begin: the entry and the steps by which, the fewest. */
export function reachOf(
  entries: readonly Pick<Entry, 'from' | 'kind' | 'to'>[],
  steps: Steps,
  arns: readonly string[],
): ReadonlyMap<string, readonly Step[]> {
  const wayTo = new Map<string, readonly Step[]>();
  const open: string[] = [];
  const arrive = (arn: string, way: readonly Step[], step: Step): void => {
    if (wayTo.has(arn)) return;
    wayTo.set(arn, [...way, step]);
    open.push(arn);
  };
  for (const { from, to, kind } of entries) arrive(to, [], { from, to, by: kind });
  for (let nth = 0; nth < open.length && wayTo.size < arns.length; nth += 1) {
    const start = open[nth] as string;
    const way = wayTo.get(start) ?? [];
    for (const step of steps.get(start) ?? [])
      for (const arn of step.to === '*' ? arns : [step.to]) arrive(arn, way, step);
  }
  return wayTo;
}

type Scored = { readonly arn: string; readonly name: string; readonly score: number | undefined };
export type Worst = { readonly name: string; readonly score: number };

/**
 * The worst that each can become by any number of steps, where that is worse than what it is itself. The worst is gone
 * back from first, and whoever was met is met no more: each step is looked at once, however many there are.
 */
export function worstReached(all: readonly Scored[], steps: Steps): ReadonlyMap<string, Worst> {
  const before = new Map<string, string[]>();
  for (const [from, list] of steps)
    for (const { to } of list) {
      const known = before.get(to);
      if (known) known.push(from);
      else before.set(to, [from]);
    }
  const own = new Map(all.map(({ arn, score }) => [arn, score]));
  const met = new Set<string>();
  const worst = new Map<string, Worst>();
  for (const { arn, name, score } of [...all].sort(byScore)) {
    if (score === undefined) continue;
    const open = [arn];
    for (let nth = 0; nth < open.length; nth += 1) {
      // Whoever may give itself anything becomes everybody.
      const from = [...(before.get(open[nth] ?? '') ?? []), ...(nth === 0 ? (before.get('*') ?? []) : [])];
      for (const start of from) {
        if (met.has(start)) continue;
        met.add(start);
        open.push(start);
        if (score < (own.get(start) ?? 100)) worst.set(start, { name, score });
      }
    }
  }
  return worst;
}

const byScore = (first: Scored, other: Scored): number =>
  (first.score ?? 101) - (other.score ?? 101) || (first.name < other.name ? -1 : 1);
