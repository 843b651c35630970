import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { RecordedRequests } from './read-recorded-requests.ts';
import type { Replayed } from './replay-requests.ts';

/** The kind of an answer, without how long and why: what the summary counts by. */
const kindOf = (answer: string): string => answer.split(/[:,]/)[0] ?? answer;

/** How many requests go from one kind of answer to another, most first. */
function summary(replayed: readonly Replayed[]): string[] {
  const counts = new Map<string, number>();
  for (const { inForce, tried } of replayed) {
    const change = `${kindOf(inForce)} → ${kindOf(tried)}`;
    counts.set(change, (counts.get(change) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([, fewer], [, more]) => more - fewer)
    .map(([change, count]) => `${String(count).padStart(6)}  ${change}`);
}

/** What was left out, and why; empty where nothing was. */
function sayLeftOut(leftOut: RecordedRequests['leftOut'], unknown: readonly string[]): string[] {
  const counted = Object.entries(leftOut).flatMap(([why, count]) => (count > 0 ? [`${count} ${why}`] : []));
  return [
    ...(counted.length > 0 ? [`Left out: ${counted.join(', ')}.`] : []),
    ...(unknown.length > 0
      ? [`Left out, as they are no principals now: ${unknown.map(visibleText).join(', ')}.`]
      : []),
  ];
}

/** The answer for people: each request that would be answered otherwise (all of them with `all`), and how many of what kind. */
export function sayReplay(
  replayed: readonly Replayed[],
  leftOut: RecordedRequests['leftOut'],
  unknown: readonly string[],
  { all }: { readonly all: boolean },
): string {
  const otherwise = replayed.filter(({ inForce, tried }) => inForce !== tried);
  const shown = (all ? replayed : otherwise).flatMap(({ recorded: { request, outcome }, inForce, tried }) => [
    `${request.requestId}  ${request.createdAt.slice(0, 16)}Z  ${visibleText(request.reason).slice(0, 80)}`,
    ...(outcome === undefined ? [] : [`    first verdict of that day: ${outcome}`]),
    `    in force: ${visibleText(inForce)}`,
    ...(tried === inForce ? [] : [`    tried:    ${visibleText(tried)}`]),
  ]);
  const verdict = `${otherwise.length} of ${replayed.length} would be answered otherwise.`;
  return [
    ...shown,
    ...(shown.length > 0 ? [''] : []),
    verdict,
    ...summary(otherwise),
    ...sayLeftOut(leftOut, unknown),
  ].join('\n');
}
