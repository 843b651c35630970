import type { ApprovalsConfig } from '../approvals/approvals-config.ts';
import { type FactSources, isNamedBy } from '../outside/fact-sources.ts';
import type { Finding } from './finding.ts';

/** Tiers whose rota no source may speak of: nobody is ever on call for them. Without a group nobody ever votes there. */
export function rotasWithoutSource(
  { tiers }: ApprovalsConfig,
  { sources }: FactSources,
  lineOfTier: (name: string) => number | undefined,
): Finding[] {
  const stated = sources.flatMap(({ states }) =>
    states.filter(({ fact }) => fact === 'onCall').flatMap(({ values }) => values),
  );
  return tiers.flatMap(({ name, onCall, approverGroup }): Finding[] => {
    if (onCall === undefined || isNamedBy(stated, onCall)) return [];
    const then = approverGroup === undefined ? 'nobody ever votes there' : `${approverGroup} is always asked`;
    return [
      {
        severity: approverGroup === undefined ? 'error' : 'warning',
        file: 'approvals.json',
        line: lineOfTier(name),
        problem: `tier "${name}": no source in facts.json may say who is on call for ${onCall}, so ${then}`,
      },
    ];
  });
}
