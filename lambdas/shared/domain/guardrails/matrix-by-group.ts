import { type CatalogResource, grantableActions } from '../catalog/catalog.ts';
import type { Principal } from '../principal.ts';
import { askByKind } from './ask-by-kind.ts';
import { type GuardrailsConfig, inWords, shortAnswerFor } from './guardrail-answers.ts';

/** Principals whom the guardrails answer alike, and what they say of each resource. */
export type MatrixGroup = {
  readonly principals: readonly string[];
  /** The groups that all of them are in. */
  readonly groups: readonly string[];
  readonly resources: readonly MatrixResource[];
};

/** One resource: its actions by what they take, such as `allowed`, `1 approval` or `never`. */
export type MatrixResource = {
  readonly key: string;
  readonly ownRows: boolean;
  readonly answers: readonly { readonly answer: string; readonly actions: readonly string[] }[];
};

export const NEVER = 'never';

function answersOn(
  config: GuardrailsConfig,
  principal: Principal,
  resource: CatalogResource,
): MatrixResource {
  const byAnswer = Map.groupBy(grantableActions(resource), (action) =>
    inWords(shortAnswerFor(config, principal, resource, action)),
  );
  return {
    key: resource.key,
    ownRows: resource.subjectScoped,
    answers: [...byAnswer].map(([answer, actions]) => ({ answer, actions })),
  };
}

/** What all of them are in. */
const inCommon = ([first, ...others]: readonly Principal[]): string[] =>
  (first?.groups ?? []).filter((group) => others.every(({ groups }) => groups.includes(group)));

/**
 * Who could be given what, for people to read: principals whom the guardrails answer alike stand together, and so do
 * actions that take the same. `key` leaves all other resources out.
 */
export function matrixByGroup(
  config: GuardrailsConfig,
  principals: readonly Principal[],
  key?: string,
): MatrixGroup[] {
  const survey = { ...config, guardrails: askByKind(config.guardrails) };
  const resources = [...config.catalog.resources.values()].filter(
    (resource) => key === undefined || resource.key === key,
  );
  const answered = principals.map((principal) => ({
    principal,
    resources: resources.map((resource) => answersOn(survey, principal, resource)),
  }));
  const alike = Map.groupBy(answered, ({ resources: answers }) => JSON.stringify(answers));
  return [...alike.values()].map((those) => ({
    principals: those.map(({ principal }) => principal.id),
    groups: inCommon(those.map(({ principal }) => principal)),
    resources: those[0]?.resources ?? [],
  }));
}

const isNever = ({ answers }: MatrixResource): boolean => answers.every(({ answer }) => answer === NEVER);

function drawResource({ key, ownRows, answers }: MatrixResource, never: boolean): string[] {
  const shown = answers.filter(({ answer }) => never || answer !== NEVER);
  return shown.map(({ answer, actions }, index) => {
    const name = index === 0 ? `${key}${ownRows ? ' (own rows)' : ''}` : '';
    return `  ${name.padEnd(34)} ${answer.padEnd(26)} ${actions.join(', ')}`;
  });
}

/** The matrix for a terminal. What a group is never given is counted, unless it is asked for. */
export function drawMatrix(groups: readonly MatrixGroup[], { never }: { readonly never: boolean }): string {
  return groups
    .map(({ principals, groups: common, resources }) => {
      const folded = never ? 0 : resources.filter(isNever).length;
      return [
        `${principals.join(', ')}${common.length > 0 ? ` (${common.join(', ')})` : ''}`,
        ...resources.flatMap((resource) => drawResource(resource, never)),
        ...(folded > 0 ? [`  never: ${folded} of ${resources.length} resources`] : []),
      ].join('\n');
    })
    .join('\n\n');
}
