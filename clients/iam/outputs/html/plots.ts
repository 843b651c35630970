import type { AuditedPrincipal } from '../../../../policy/audit/audit-account.ts';
import { type Finding, SEVERITIES } from '../../../../policy/check/finding.ts';
import type { ControlAnswer } from '../../../../policy/compliance/framework.ts';
import type { AccessLevel } from '../../../../policy/data/service-data.ts';
import type { TrendLine } from '../../drift/trend.ts';
import { bars, legend } from './bars.ts';
import { coordinate, html, type Markup, shown } from './markup.ts';

/** Principals that a plot has room for: the worst. */
const MOST_PRINCIPALS = 15;
const MOST_SERVICES = 14;

const classOfScore = (score: number): string =>
  score < 40 ? 'critical' : score < 70 ? 'high' : score < 90 ? 'medium' : 'used';

/** How many principals score how much, those that can be reached apart from the others. */
export function scorePlot(principals: readonly AuditedPrincipal[]): Markup {
  const bins = Array.from({ length: 5 }, (_, nth) => ({
    from: nth * 20,
    to: nth === 4 ? 100 : nth * 20 + 19,
  }));
  const rows = bins.map(({ from, to }) => {
    const within = principals.filter(({ score }) => score !== undefined && score >= from && score <= to);
    const reached = within.filter(({ wayTo }) => wayTo).length;
    return {
      label: `${from} to ${to}`,
      parts: [
        { value: reached, className: classOfScore(from), label: 'reached' },
        { value: within.length - reached, className: 'open', label: 'not reached' },
      ],
      says: `${within.length}${within.length > 0 ? `, ${reached} reached` : ''}`,
    };
  });
  const unscored = principals.filter(({ score }) => score === undefined).length;
  const open = {
    label: 'not decided',
    parts: [{ value: unscored, className: 'open', label: '' }],
    says: `${unscored}`,
  };
  return html`${bars('Users and roles by score; 100 is the best', unscored > 0 ? [...rows, open] : rows)}
  ${legend([{ className: 'open', label: 'no way from outside is known' }])}`;
}

/** How many findings there are of each severity. */
export function severityPlot(findings: readonly Finding[]): Markup {
  const rows = SEVERITIES.map((severity) => {
    const value = findings.filter((finding) => finding.severity === severity).length;
    return { label: severity, parts: [{ value, className: severity, label: severity }], says: `${value}` };
  });
  return bars('Findings by severity', rows);
}

const USES = [
  { state: 'used', className: 'used', label: 'used' },
  { state: 'unused', className: 'unused', label: 'unused' },
  { state: 'not knowable', className: 'open', label: 'not knowable' },
] as const;

/** Of what each is granted, how much is used. */
export function usePlot(principals: readonly AuditedPrincipal[]): Markup {
  const rows = principals
    .filter(({ uses }) => uses.length > 0)
    .slice(0, MOST_PRINCIPALS)
    .map(({ name, uses }) => {
      const parts = USES.map(({ state, ...part }) => ({
        ...part,
        // Shares: who is granted thousands of actions would leave nothing to see of the others.
        value: (uses.filter((use) => use.state === state).length / uses.length) * 100,
      }));
      const unused = uses.filter(({ state }) => state === 'unused').length;
      return { label: shown(name), parts, says: `${unused} of ${uses.length} unused` };
    });
  return html`${bars('Of what is granted: shares by principal, the worst first', rows, 100)}${legend(USES)}`;
}

const LEVELS: readonly AccessLevel[] = ['P', 'W', 'T', 'R', 'L'];
const WORDS: Readonly<Record<AccessLevel, string>> = {
  P: 'permissions',
  W: 'write',
  T: 'tag',
  R: 'read',
  L: 'list',
};

/** Who may do what where: of each service the gravest level that is possible. */
export function accessPlot(principals: readonly AuditedPrincipal[]): Markup {
  const some = principals
    .filter(({ access }) => access.isWhole || access.services.length > 0)
    .slice(0, MOST_PRINCIPALS);
  const counts = new Map<string, number>();
  for (const { access } of some)
    for (const { service } of access.services) counts.set(service, (counts.get(service) ?? 0) + 1);
  const all = [...counts].sort((first, other) => other[1] - first[1] || (first[0] < other[0] ? -1 : 1));
  const services = all
    .slice(0, MOST_SERVICES)
    .map(([service]) => service)
    .sort();
  const cell = ({ access }: AuditedPrincipal, service: string): Markup => {
    const levels = access.services.find((entry) => entry.service === service)?.levels ?? {};
    const gravest = access.isWhole ? 'P' : LEVELS.find((level) => levels[level]);
    return gravest ? html`<td class="${gravest}" title="${WORDS[gravest]}">${gravest}</td>` : html`<td></td>`;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Effective access by service"><table class="heat">
    <caption>The gravest that is possible, by service: ${LEVELS.map((level) => `${level} ${WORDS[level]}`).join(', ')}${
      all.length > services.length
        ? `; ${all.length - services.length} services more are in the JSON report`
        : ''
    }</caption>
    <thead><tr><th scope="col">user or role</th>${services.map((service) => html`<th scope="col">${shown(service)}</th>`)}</tr></thead>
    <tbody>${some.map(
      (principal) =>
        html`<tr><th scope="row">${shown(principal.name)}${principal.access.isWhole ? html`<small>every service</small>` : ''}</th>${services.map((service) => cell(principal, service))}</tr>`,
    )}</tbody>
  </table></div>`;
}

const DAY_MS = 86_400_000;
/** Days after which a bar is full. */
const YEAR = 365;

/** For how long nobody was who they are: the longest first. */
export function idlePlot(principals: readonly AuditedPrincipal[], collectedAt: string): Markup {
  const idle = principals
    .map(({ name, lastUsed }) => ({
      name,
      days: lastUsed && Math.max(0, Math.floor((Date.parse(collectedAt) - lastUsed.getTime()) / DAY_MS)),
    }))
    .sort(
      (first, other) => (other.days ?? Number.POSITIVE_INFINITY) - (first.days ?? Number.POSITIVE_INFINITY),
    )
    .slice(0, MOST_PRINCIPALS);
  const rows = idle.map(({ name, days }) => ({
    label: shown(name),
    parts: [
      {
        value: Math.min(days ?? YEAR, YEAR),
        className: days === undefined ? 'open' : days > 90 ? 'high' : 'used',
        label: '',
      },
    ],
    says: days === undefined ? 'no use is known' : `${days} ${days === 1 ? 'day' : 'days'}`,
  }));
  return bars('Days since last used; 90 are the most that is in order', rows, YEAR);
}

/** Controls of a framework by their answers. */
export function controlPlot(controls: readonly ControlAnswer[]): Markup {
  const states = [
    { state: 'met', className: 'used' },
    { state: 'not met', className: 'high' },
    { state: 'not assessable from this', className: 'open' },
  ] as const;
  return bars(
    'Controls by answer',
    states.map(({ state, className }) => {
      const value = controls.filter((control) => control.state === state).length;
      return { label: state, parts: [{ value, className, label: state }], says: `${value}` };
    }),
  );
}

/** The account's score over the days that were noted. */
export function trendPlot(days: readonly TrendLine[]): Markup | '' {
  const scored = days.flatMap(({ on, score }) => (score === undefined ? [] : [{ on, score }]));
  const [first, last] = [scored[0], scored.at(-1)];
  if (!first || !last || scored.length < 2) return '';
  const [from, until] = [Date.parse(first.on), Date.parse(last.on)];
  const points = scored.map(({ on, score }) => {
    const x = until === from ? 0 : ((Date.parse(on) - from) / (until - from)) * 100;
    return `${coordinate(x)},${coordinate(100 - score)}`;
  });
  const words = `The score was ${first.score} on ${first.on} and is ${last.score} on ${last.on}`;
  return html`<section><h2>Trend</h2>
    <svg class="trend" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${words}"><polyline points="${points.join(' ')}"></polyline></svg>
    <p class="days soft"><span>${first.on}: ${first.score}</span><span>${last.on}: ${last.score}</span></p></section>`;
}
