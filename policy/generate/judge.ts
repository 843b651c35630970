import { checkPolicy } from '../check/check-policy.ts';
import { type Finding, isAtLeast, type Severity } from '../check/finding.ts';
import type { IamData } from '../data/iam-data.ts';
import type { Trust } from './build-trust.ts';
import type { Intent } from './intent.ts';
import type { Explained, OwnDocument } from './piece.ts';

/** What a check finds in what was generated, and why it is there all the same. */
export type JudgedFinding = {
  readonly id: string;
  readonly severity: Severity;
  readonly in: 'permissions' | 'trust';
  readonly detail: string;
  /** Sentences without their end. */
  readonly because: readonly string[];
};

type Made = {
  readonly permissions: OwnDocument;
  readonly statements: readonly Explained[];
  readonly trust?: Trust;
};

/** Why the statements are there that a finding is about; where it names none, all that have an action it speaks of. */
function becauseOf({ path, detail, why }: Finding, statements: readonly Explained[]): readonly string[] {
  const [, nth] = /^Statement\[(\d+)\]/.exec(path) ?? [];
  const told = `${detail} ${why}`;
  const about =
    nth === undefined
      ? statements.filter(({ statement }) => statement.Action.some((action) => told.includes(action)))
      : statements.slice(Number(nth), Number(nth) + 1);
  return [...new Set((about.length > 0 ? about : statements).flatMap(({ because }) => because))];
}

/**
 * Checks what was generated as any policy is checked. What AWS would refuse is refused here; what is found from
 * `medium` on stands beside the words that asked for it.
 */
export function judge(
  { permissions, statements, trust }: Made,
  { answers }: Intent,
  data: IamData,
): { refusals: string[]; findings: JudgedFinding[]; score?: number } {
  const around = { data, ...(answers.account !== undefined && { account: answers.account }) };
  const checked = checkPolicy(
    { name: 'permissions', type: 'identity', text: JSON.stringify(permissions) },
    around,
  );
  const checkedTrust =
    trust &&
    checkPolicy({ name: 'trust', type: 'trust', text: JSON.stringify(trust.document) }, around).findings;
  const found = [
    ...checked.findings.map((finding) => ({
      ...toldOf(finding),
      in: 'permissions' as const,
      because: becauseOf(finding, statements),
    })),
    ...(checkedTrust ?? []).map((finding) => ({
      ...toldOf(finding),
      in: 'trust' as const,
      because: trust?.because ?? [],
    })),
  ].filter(({ severity }) => isAtLeast(severity, 'medium'));
  return {
    refusals: found
      .filter(({ severity }) => severity === 'error')
      .map(({ id, detail }) => `AWS would not take it: ${id}: ${detail}`),
    findings: found,
    ...(checked.score !== undefined && { score: checked.score }),
  };
}

const toldOf = ({ id, severity, detail }: Finding) => ({ id, severity, detail });
