import { html } from 'hono/html';
import type { AccessMatrix } from '../../../lambdas/list-catalog/people-specs.ts';
import { type Frame, pageOf } from '../parts/page-of.ts';
import { badge, choice, empty, type Html, shortAction } from '../parts/pieces.ts';

type Group = AccessMatrix['groups'][number];
type Resource = Group['resources'][number];
export type AccessContent = {
  readonly matrix: AccessMatrix;
  readonly filter: { readonly principal?: string | undefined; readonly resource?: string | undefined };
  readonly principals: readonly string[];
  readonly resources: readonly string[];
};

const NEVER = 'never';
const isNever = ({ answers }: Resource): boolean => answers.every(({ answer }) => answer === NEVER);

const answersOf = ({ answers }: Resource): Html =>
  html`${answers
    .filter(({ answer }) => answer !== NEVER)
    .map(
      ({ answer, actions }) =>
        html`<p>${badge(answer, answer === 'allowed' ? 'ok' : 'wait')} ${actions.map(shortAction).join(', ')}</p>`,
    )}`;

const groupOf = ({ principals, groups, resources }: Group): Html => {
  const never = resources.filter(isNever);
  const some = resources.filter((resource) => !isNever(resource));
  return html`<section class="card">
    <h2>${principals.join(', ')}</h2>
    ${groups.length > 0 ? html`<p class="dim">in ${groups.join(', ')}</p>` : ''}
    ${some.length === 0 ? html`<p>Nothing, whoever agrees.</p>` : ''}
    <div class="cards">
      ${some.map((resource) => html`<div><h3>${resource.key}${resource.ownRows ? html` <span class="dim">(own rows)</span>` : ''}</h3>${answersOf(resource)}</div>`)}
    </div>
    ${
      never.length > 0
        ? html`<details>
            <summary>Never: ${never.length} of ${resources.length}</summary>
            <p>${never.map(({ key }) => key).join(', ')}</p>
          </details>`
        : ''
    }
  </section>`;
};

/** Who could be given what, and how many people that takes: what never is, folded. */
export function accessPage(frame: Frame, { matrix, filter, principals, resources }: AccessContent) {
  const shown = matrix.groups.filter(
    (group) => !filter.principal || group.principals.includes(filter.principal),
  );
  return pageOf(frame, {
    title: 'Access',
    place: 'Access',
    content: html`<p class="lead">The most that the guardrails could ever allow. The review, the policy and people may still say no.</p>
      <form method="get" action="/access" class="filter">
        ${principals.length > 1 ? choice('principal', 'Who', [['', 'everybody'], ...principals.map((id) => [id, id] as const)], filter.principal) : ''}
        ${choice('resource', 'What', [['', 'everything'], ...resources.map((key) => [key, key] as const)], filter.resource)}
        <button>Show</button>
      </form>
      ${shown.length === 0 ? empty('There is nobody like this.') : shown.map(groupOf)}`,
  });
}
