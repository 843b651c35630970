import { groupBy } from '../../policy/group-by.ts';
import type { GrantUse, UsageReport } from './usage-report.ts';

/** Sessions that something must have been granted to before its disuse says anything. */
const ENOUGH = 3;
/** STS mints no shorter session. */
const SHORTEST_SECONDS = 900;

type Measured = Pick<UsageReport, 'grants' | 'durations'>;

/**
 * What could be granted less of, in sentences for whoever keeps the policies and the catalog. What too few
 * sessions were granted is not judged.
 */
export function suggestTighter({ grants, durations }: Measured): string[] {
  const judged = grants.filter(({ granted }) => granted >= ENOUGH);
  const idle = judged.filter(({ used }) => used === 0);
  const byResource = groupBy(idle, ({ principalId, resource }) => `${principalId} ${resource}`);
  return [
    ...[...byResource.values()].map((unused) => policySentence(unused, judged)),
    ...catalogSentences(judged),
    ...durations
      .filter(
        ({ grantedSeconds, usedSeconds }) =>
          grantedSeconds > SHORTEST_SECONDS && usedSeconds > 0 && usedSeconds <= SHORTEST_SECONDS,
      )
      .map(
        ({ principalId, grantedSeconds, usedSeconds }) =>
          `policy of ${principalId}: sessions lasted up to ${grantedSeconds} s and were used for ${usedSeconds} s at most; ${SHORTEST_SECONDS} s are enough`,
      ),
  ];
}

function policySentence(unused: readonly GrantUse[], judged: readonly GrantUse[]): string {
  const [{ principalId = '', resource = '', granted = 0 } = {}] = unused;
  const ofResource = judged.filter((use) => use.principalId === principalId && use.resource === resource);
  const what =
    unused.length === ofResource.length
      ? resource
      : `${unused.map(({ action }) => action).join(', ')} on ${resource}`;
  return `policy of ${principalId}: ${what} was granted to ${granted} sessions and never used; say that it is not needed`;
}

/** Actions that no principal ever used, though some were granted them. */
function catalogSentences(judged: readonly GrantUse[]): string[] {
  const byAction = groupBy(judged, ({ resource, action }) => `${action} on ${resource}`);
  return [...byAction]
    .filter(([, uses]) => uses.length > 1 && uses.every(({ used }) => used === 0))
    .map(
      ([what, uses]) =>
        `catalog: ${what} was granted to ${uses.length} principals and used by none; take it out`,
    );
}
