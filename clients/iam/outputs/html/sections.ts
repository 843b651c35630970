import type { Audit, AuditedPrincipal } from '../../../../policy/audit/audit-account.ts';
import type { Step } from '../../../../policy/audit/reach/find-steps.ts';
import { type Finding, SEVERITIES } from '../../../../policy/check/finding.ts';
import type { AuditReport, SuggestedSize } from '../../audit-report.ts';
import { describeAccess, nameOfArn } from '../describe-audit.ts';
import { html, type Markup, shown } from './markup.ts';

/** Principals and findings that the page has; the JSON report has all. */
const MOST_PRINCIPALS = 50;
const MOST_FINDINGS = 500;
const MOST_USES = 60;
const MOST_PATHS = 20;

const tag = (severity: string): Markup => html`<span class="tag ${severity}">${severity}</span>`;

const wayOf = (way: readonly Step[]): Markup =>
  html`<ol class="way"><li>${shown(way[0]?.from ?? '')}</li>${way.map(
    (step, nth) =>
      html`<li>${shown(nameOfArn(step.to === '*' ? (way[nth + 1]?.from ?? 'anything') : step.to))} <small>${shown(step.by)}</small></li>`,
  )}</ol>`;

/** What could not be read: said before anything else. */
export function gapsOf({ gaps }: Audit): Markup | '' {
  if (gaps.length === 0) return '';
  return html`<div class="gaps"><strong>Not everything was there.</strong> What rests on it is not judged:
    <ul>${gaps.map(({ part, why }) => html`<li>${part}: ${shown(why)}</li>`)}</ul></div>`;
}

/** The worst, one by one, with how they are reached and what they can do. */
export function principalsOf({ principals }: Audit): Markup {
  return html`<section><h2>Users and roles, the worst first</h2>
    ${principals.slice(0, MOST_PRINCIPALS).map(principalOf)}
    ${principals.length > MOST_PRINCIPALS ? html`<p class="soft">${principals.length - MOST_PRINCIPALS} more are in the JSON report.</p>` : ''}
  </section>`;
}

function principalOf(principal: AuditedPrincipal, nth: number): Markup {
  const { name, kind, arn, score, access, wayTo, reaches, escalations, uses, unreadPolicies } = principal;
  const unused = uses.filter(({ state }) => state === 'unused').length;
  return html`<details ${nth < 3 ? 'open' : ''}>
    <summary><strong>${score ?? '?'}</strong> ${kind} ${shown(name)} <small>${[
      wayTo ? 'can be reached' : 'no way to it is known',
      ...(escalations.length > 0 ? [`${escalations.length} ways to escalate`] : []),
      ...(unused > 0 ? [`${unused} unused`] : []),
    ].join(' · ')}</small></summary>
    <p class="soft">${shown(arn)}</p>
    ${wayTo ? html`<h3>How it is reached</h3>${wayOf(wayTo)}` : ''}
    ${reaches ? html`<p>It can become <strong>${shown(reaches.name)}</strong>, of score ${reaches.score}.</p>` : ''}
    <h3>What it may do</h3><p>${shown(describeAccess(access, 40))}</p>
    ${unreadPolicies.length > 0 ? html`<p>Not read, and not counted: ${shown(unreadPolicies.join(', '))}</p>` : ''}
    ${escalations.length > 0 ? html`<h3>How it escalates</h3><ul>${escalations.slice(0, MOST_PATHS).map(({ id, severity, detail }) => html`<li>${tag(severity)} ${id} ${shown(detail)}</li>`)}</ul>${escalations.length > MOST_PATHS ? html`<p class="soft">and ${escalations.length - MOST_PATHS} ways more</p>` : ''}` : ''}
    ${uses.length > 0 ? usesTable(uses) : ''}
  </details>`;
}

function usesTable(uses: AuditedPrincipal['uses']): Markup {
  const order = ['unused', 'not knowable', 'used'];
  const sorted = [...uses].sort((first, other) => order.indexOf(first.state) - order.indexOf(other.state));
  return html`<h3>What of it is used</h3><table><thead><tr><th scope="col">granted</th><th scope="col">is</th><th scope="col">because</th></tr></thead>
    <tbody>${sorted.slice(0, MOST_USES).map(({ what, state, why }) => html`<tr><td>${shown(what)}</td><td>${state}</td><td>${shown(why)}</td></tr>`)}</tbody></table>
    ${uses.length > MOST_USES ? html`<p class="soft">and ${uses.length - MOST_USES} more</p>` : ''}`;
}

/** All findings but those of principals, which stand with them. */
export function findingsTable(findings: readonly Finding[]): Markup {
  const sorted = [...findings].sort(
    (first, other) => SEVERITIES.indexOf(first.severity) - SEVERITIES.indexOf(other.severity),
  );
  return html`<section><h2>Findings</h2>
    ${findings.length === 0 ? html`<p>Nothing was found.</p>` : ''}
    <table class="findings"><thead><tr><th scope="col">severity</th><th scope="col">check</th><th scope="col">where</th><th scope="col">what, and what to do</th></tr></thead>
    <tbody>${sorted
      .slice(0, MOST_FINDINGS)
      .map(
        ({ id, severity, policy, detail, remedy }) =>
          html`<tr><td>${tag(severity)}</td><td>${id}</td><td>${shown(policy)}</td><td>${shown(detail)}<br /><small>${shown(remedy)}</small></td></tr>`,
      )}</tbody></table>
    ${findings.length > MOST_FINDINGS ? html`<p class="soft">and ${findings.length - MOST_FINDINGS} more, none worse</p>` : ''}
  </section>`;
}

/** Checks that could not be asked, and for want of what. */
export function notAskedOf({ notAssessed }: Audit): Markup | '' {
  if (notAssessed.length === 0) return '';
  return html`<section><h2>Not asked</h2><ul>${notAssessed.map(
    ({ id, part, why }) => html`<li>${id}, for want of the ${part}: ${shown(why)}</li>`,
  )}</ul></section>`;
}

/** Policies without what is unused. */
export function sizesOf({ rightSized }: AuditReport): Markup | '' {
  if (!rightSized || rightSized.length === 0) return '';
  return html`<section><h2>Right-sized policies</h2>
    <p>Each is proved to be within what there is, and to allow what was used; every kind of allowed call that was seen was replayed.</p>
    ${rightSized.map(sizeOf)}</section>`;
}

function sizeOf(size: SuggestedSize): Markup {
  if ('whyNot' in size)
    return html`<p><strong>${shown(size.name)}</strong> stays as it is: ${shown(size.whyNot)}</p>`;
  const { name, removed, replayed, policies } = size;
  return html`<details><summary><strong>${shown(name)}</strong> without ${shown(removed.join(', '))}</summary>
    <p class="soft">${replayed.kinds === 0 ? 'No call of it was seen that could be replayed.' : `Replayed ${replayed.calls} allowed calls of ${replayed.kinds} kinds: ${replayed.evaluated} evaluated, ${replayed.proved} by proof.`}</p>
    ${policies.map(
      (
        policy,
      ) => html`<h3>${shown(policy.name)}${policy.isInline ? '' : ', a managed policy'}${policy.sharedWith > 0 ? `, which ${policy.sharedWith} others have too` : ''}</h3>
      <pre>${JSON.stringify(policy.document, null, 2)
        .split('\n')
        .map((line) => shown(line))
        .join('\n')}</pre>`,
    )}</details>`;
}

/** Every control, with what says so. */
export function controlsOf({ compliance }: AuditReport): Markup | '' {
  if (!compliance) return '';
  return html`<section><h2>${shown(compliance.framework)}</h2>
    <p class="soft">Evidence for somebody who judges: nobody is called compliant.${compliance.note ? ` ${shown(compliance.note)}` : ''}</p>
    <table class="findings"><thead><tr><th scope="col">control</th><th scope="col">answer</th><th scope="col">because</th></tr></thead>
    <tbody>${compliance.controls.map(
      ({ id, title, state, because }) =>
        html`<tr><td>${shown(id)} ${shown(title)}</td><td>${state}</td><td>${because.slice(0, 5).map((text) => html`${shown(text)}<br />`)}${because.length > 5 ? html`<small>and ${because.length - 5} more</small>` : ''}</td></tr>`,
    )}</tbody></table></section>`;
}
