import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Audit, AuditedPrincipal } from '../../../policy/audit/audit-account.ts';
import type { Finding } from '../../../policy/check/finding.ts';
import { type ComplianceReport, describeControls } from './describe-controls.ts';

/** An audit as it is told: with the controls of a framework and right-sized policies, where they were asked for. */
export type AuditReport = Audit & {
  readonly compliance?: ComplianceReport;
  readonly rightSized?: readonly {
    readonly name: string;
    readonly removed: readonly string[];
    readonly policies: readonly object[];
  }[];
};

/** Principals that are told one by one: the worst. */
const MOST_PRINCIPALS = 20;

function describePrincipal({
  name,
  kind,
  score,
  escalations,
  uses,
  unreadPolicies,
}: AuditedPrincipal): string[] {
  const unused = uses.filter(({ state }) => state === 'unused').map(({ what }) => what);
  const open = uses.filter(({ state }) => state === 'not knowable').length;
  return [
    `  ${String(score ?? '?').padStart(3)}  ${kind} ${visibleText(name)}`,
    ...(escalations.length > 0
      ? [
          `       escalates: ${escalations.map(({ id }) => id).join(' ')}`,
          `       ${visibleText(escalations[0]?.detail ?? '')}`,
        ]
      : []),
    ...(unused.length > 0
      ? [
          `       unused: ${visibleText(unused.slice(0, 8).join(', '))}${unused.length > 8 ? ` and ${unused.length - 8} more` : ''}`,
        ]
      : []),
    ...(open > 0 ? [`       not knowable: ${open} of ${uses.length} grants`] : []),
    ...(unreadPolicies.length > 0
      ? [`       not read, and not counted: ${visibleText(unreadPolicies.join(', '))}`]
      : []),
  ];
}

/** What is found in a policy is told with its name; what an account's check says names its subject itself. */
function lineOf({ severity, id, policy, detail }: Finding): string {
  const whose = id.startsWith('A') ? '' : `${policy}: `;
  return `  ${severity.padEnd(8)}  ${id}  ${visibleText(`${whose}${detail}`)}`;
}

/** The audit for people: the worst principals first, then the account, then what could not be said. */
export function describeAudit(report: AuditReport): string {
  const { account, collectedAt, score, principals, findings, notAssessed, compliance, rightSized } = report;
  return [
    `account ${account}, collected ${collectedAt}: score ${score ?? 'not decided'}, that of its worst principal`,
    '',
    ...principals.slice(0, MOST_PRINCIPALS).flatMap(describePrincipal),
    ...(principals.length > MOST_PRINCIPALS
      ? [`  and ${principals.length - MOST_PRINCIPALS} more, none worse`]
      : []),
    '',
    ...findings.map(lineOf),
    ...notAssessed.map(
      ({ id, part, why }) => `  not asked  ${id}  for want of the ${part}: ${visibleText(why)}`,
    ),
    ...(compliance ? ['', ...describeControls(compliance)] : []),
    ...(rightSized ?? []).flatMap(({ name, removed, policies }) => [
      '',
      `${visibleText(name)} without ${visibleText(removed.join(', '))}: proved to be within what it has, and to allow what it used`,
      ...policies.map((policy) => visibleText(JSON.stringify(policy))),
    ]),
  ].join('\n');
}
