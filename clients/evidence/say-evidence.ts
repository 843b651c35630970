import type { AuditRecord } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import { sayStory } from '../audit/say-story.ts';
import type { Header, Observed } from './evidence-lines.ts';
import type { Gap, Material, Summary } from './summarize.ts';

const SAY_GAP: { readonly [Kind in Gap['kind']]: (gap: Extract<Gap, { kind: Kind }>) => string } = {
  log_begins: ({ after }) => `the log begins at ${after}, after the period does`,
  not_signed: ({ after }) =>
    `nothing is signed after ${after}, before the period ends: what came later is not in it`,
  restored: ({ recorded, restoredTo }) =>
    `tables were restored to ${visibleText(restoredTo)} (recorded ${recorded}): records may be lost; postern audit verify names them`,
};

/** What keeps the evidence from being whole, each by its name. */
export function gapsIn({ gaps }: Pick<Summary, 'gaps'>, { missingHeads, cloudTrail }: Observed): string[] {
  const strangers = (cloudTrail?.unknown ?? []).filter(({ firstHour }) => !firstHour);
  return [
    ...gaps.map((gap) => (SAY_GAP[gap.kind] as (told: Gap) => string)(gap)),
    ...(missingHeads.length > 0 ? [`the archive lacks signed heads ${missingHeads.join(', ')}`] : []),
    ...strangers.map(
      ({ sessionName, principalId }) =>
        `CloudTrail has calls of a session that the log does not know: ${visibleText(sessionName)} of ${visibleText(principalId)}`,
    ),
  ];
}

/** What the evidence is of, in lines. */
export function sayEvidence(
  { from, to, seed, sampleSize }: Header,
  { populations, samples, configuration }: Summary,
  { cloudTrail }: Observed,
): string[] {
  const digestsByDay = new Set(configuration.map(({ digests }) => JSON.stringify(digests)));
  return [
    `from ${from} to ${to}, samples of ${sampleSize} by the seed ${visibleText(seed)}`,
    ...Object.entries(populations).map(
      ([name, members]) =>
        `  ${name.padEnd(14)}${members.length}, of which ${samples[name]?.length ?? 0} sampled`,
    ),
    `  ${configuration.length} days, ${digestsByDay.size} configurations of catalog, guardrails and tiers`,
    cloudTrail
      ? `  CloudTrail: ${cloudTrail.calls} calls of ${cloudTrail.sessions} sessions, ${cloudTrail.unknown.length} unknown to the log`
      : '  CloudTrail was not compared',
  ];
}

/** The story of each sample, by its population. */
export function saySamples({ samples }: Summary, { records }: Material): string[] {
  const byPlace = new Map(records.map((record) => [`${record.chain} ${record.seq}`, record]));
  return Object.entries(samples).flatMap(([name, members]) =>
    members.flatMap(({ records: places, beganBefore, chain, seq }) => {
      const found = places.map((place) => byPlace.get(`${place.chain} ${place.seq}`));
      const story = found.filter((record): record is AuditRecord => record !== undefined);
      story.sort((left, right) => left.at.localeCompare(right.at));
      return [
        '',
        `${name}: ${chain} ${seq}${beganBefore ? ' (its request was made before the period)' : ''}`,
        ...sayStory(story).map((line) => `  ${line}`),
      ];
    }),
  );
}
