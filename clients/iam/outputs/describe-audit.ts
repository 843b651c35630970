import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { AuditedPrincipal } from '../../../policy/audit/audit-account.ts';
import type { EffectiveAccess } from '../../../policy/audit/effective-access.ts';
import type { Step } from '../../../policy/audit/reach/find-steps.ts';
import type { Finding } from '../../../policy/check/finding.ts';
import type { AccessLevel } from '../../../policy/data/service-data.ts';
import type { AuditReport, SuggestedSize } from '../audit-report.ts';
import type { TrendLine } from '../drift/trend.ts';
import { describeControls } from './describe-controls.ts';

/** Principals that are told one by one: the worst. */
const MOST_PRINCIPALS = 20;
/** Services of one principal that are named. */
const MOST_SERVICES = 6;

const LEVELS: Readonly<Record<AccessLevel, string>> = {
  L: 'list',
  R: 'read',
  W: 'write',
  T: 'tag',
  P: 'permissions',
};

/** What somebody may do, in a line: by service, the levels of which something is possible. */
export function describeAccess({ isWhole, services }: EffectiveAccess, most = MOST_SERVICES): string {
  if (isWhole) return 'every service, but for what is denied';
  if (services.length === 0) return 'nothing';
  const told = services.slice(0, most).map(({ service, levels }) => {
    const words = (Object.keys(LEVELS) as AccessLevel[]).filter((level) => levels[level]);
    return `${service} (${words.map((level) => LEVELS[level]).join(', ')})`;
  });
  return services.length > most
    ? `${told.join(', ')} and ${services.length - most} services more`
    : told.join(', ');
}

/** A principal's name of its ARN. */
export const nameOfArn = (arn: string): string =>
  arn.startsWith('arn:') ? (arn.split('/').at(-1) ?? arn) : arn;

/** How somebody gets somewhere, from outside: `account 444455556666 → reports → admin`. */
export const describeWay = (way: readonly Step[]): string =>
  [
    way[0]?.from ?? '',
    ...way.map(({ to }, nth) => nameOfArn(to === '*' ? (way[nth + 1]?.from ?? to) : to)),
  ].join(' → ');

/** Ways to escalate that are told by id. */
const MOST_PATHS = 12;
const idsOf = (escalations: readonly Finding[]): string =>
  [
    ...escalations.slice(0, MOST_PATHS).map(({ id }) => id),
    ...(escalations.length > MOST_PATHS ? [`and ${escalations.length - MOST_PATHS} more`] : []),
  ].join(' ');

function describePrincipal({
  name,
  kind,
  score,
  access,
  escalations,
  uses,
  unreadPolicies,
  wayTo,
  reaches,
}: AuditedPrincipal): string[] {
  const unused = uses.filter(({ state }) => state === 'unused').map(({ what }) => what);
  const open = uses.filter(({ state }) => state === 'not knowable');
  return [
    `  ${String(score ?? '?').padStart(3)}  ${kind} ${visibleText(name)}`,
    `       may: ${visibleText(describeAccess(access))}`,
    `       ${wayTo ? `reached by ${visibleText(describeWay(wayTo))}` : 'no way to it is known from outside'}`,
    ...(reaches ? [`       reaches ${visibleText(reaches.name)}, of score ${reaches.score}`] : []),
    ...(escalations.length > 0
      ? [`       escalates: ${idsOf(escalations)}`, `       ${visibleText(escalations[0]?.detail ?? '')}`]
      : []),
    ...(unused.length > 0
      ? [
          `       unused: ${visibleText(unused.slice(0, 8).join(', '))}${unused.length > 8 ? ` and ${unused.length - 8} more` : ''}`,
        ]
      : []),
    ...(open.length > 0
      ? [`       not knowable: ${open.length} of ${uses.length} grants; ${visibleText(open[0]?.why ?? '')}`]
      : []),
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

function describeSize(size: SuggestedSize): string[] {
  if ('whyNot' in size) return ['', `${visibleText(size.name)} stays as it is: ${visibleText(size.whyNot)}`];
  const { name, removed, replayed, policies } = size;
  return [
    '',
    `${visibleText(name)} without ${visibleText(removed.join(', '))}: proved to be within what it has, and to allow what it used`,
    ...(replayed.kinds > 0
      ? [
          `  replayed ${replayed.calls} allowed calls of ${replayed.kinds} kinds: ${replayed.evaluated} evaluated, ${replayed.proved} by proof`,
        ]
      : ['  no call of it was seen that could be replayed']),
    ...policies.flatMap((policy) => [
      `  ${visibleText(policy.name)}${policy.isInline ? '' : ', a managed policy'}${policy.sharedWith > 0 ? `, which ${policy.sharedWith} others have too: make one for this one` : ''}:`,
      visibleText(JSON.stringify(policy.document)),
    ]),
  ];
}

/** What trails showed, and what was not read. */
const describeSeen = ({ seen, gaps }: AuditReport): string[] => [
  ...(seen
    ? [
        `  calls seen: ${seen.events} events${seen.from ? ` from ${seen.from.slice(0, 10)} to ${seen.until?.slice(0, 10)}` : ''}${seen.unread > 0 ? `; ${seen.unread} could not be read` : ''}`,
      ]
    : []),
  ...gaps.map(({ part, why }) => `  not there: ${part}: ${visibleText(why)}`),
];

/** What the score was the day before that was noted. */
function describeTrend(trend: readonly TrendLine[]): string[] {
  const before = trend.filter(({ score }) => score !== undefined).at(-2);
  return before ? [`  the score was ${before.score} on ${before.on}`] : [];
}

/** The audit for people: the worst principals first, then the account, then what could not be said. */
export function describeAudit(report: AuditReport, trend: readonly TrendLine[] = []): string {
  const { account, collectedAt, score, principals, findings, notAssessed, compliance, rightSized } = report;
  return [
    `account ${account}, collected ${collectedAt}: score ${score ?? 'not decided'}, that of the worst principal that can be reached`,
    ...describeTrend(trend),
    ...describeSeen(report),
    '',
    ...principals.slice(0, MOST_PRINCIPALS).flatMap(describePrincipal),
    ...(principals.length > MOST_PRINCIPALS
      ? [`  and ${principals.length - MOST_PRINCIPALS} more, none of them worse and reached`]
      : []),
    '',
    ...findings.map(lineOf),
    ...notAssessed.map(
      ({ id, part, why }) => `  not asked  ${id}  for want of the ${part}: ${visibleText(why)}`,
    ),
    ...(compliance ? ['', ...describeControls(compliance)] : []),
    ...(rightSized ?? []).flatMap(describeSize),
  ].join('\n');
}
