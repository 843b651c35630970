import { type EntityJson, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { CatalogFile } from '../../domain/catalog/catalog.ts';
import { digestOf } from '../../domain/digest.ts';
import type { GuardrailAnswer, GuardrailQuestion, Guardrails } from '../../domain/guardrails/guardrails.ts';
import { remember } from '../../domain/remember.ts';
import { namedOutside } from './cedar-literals.ts';
import { accountAttributes, levelsOfActions } from './cedar-schema.ts';
import { compileGuardrails } from './compile-guardrails.ts';
import { makeKindOfQuestion } from './kind-of-question.ts';
import { makePermitFilter, mayApply } from './relevant-policies.ts';

/** Answers that one process remembers: those of the same question are the same. */
const MOST_ANSWERS = 1_000;

/** Only what the question is about: passing every entity costs milliseconds. */
function entitiesOf({ principal, resource }: GuardrailQuestion): EntityJson[] {
  return [
    {
      uid: { type: 'Principal', id: principal.id },
      attrs: { type: principal.type, status: principal.status },
      parents: principal.groups.map((id) => ({ type: 'Group', id })),
    },
    {
      uid: { type: 'Resource', id: resource.key },
      attrs: {
        kind: resource.kind,
        sensitivity: resource.sensitivity,
        subjectScoped: resource.subjectScoped,
        ...accountAttributes(resource),
      },
      parents: [],
    },
  ];
}

/** All that Cedar is told of a question, and so all that its answer depends on. */
const callOf = (question: GuardrailQuestion) => ({
  principal: { type: 'Principal', id: question.principal.id },
  action: { type: 'Action', id: question.action },
  resource: { type: 'Resource', id: question.resource.key },
  // Always there: a rule that is about it must not err where it is not said.
  context: {
    changesSignIn: false,
    enrolsOwnPasskey: false,
    revokesOwnPasskey: false,
    breakGlass: false,
    ...question.context,
    references: [...(question.context.references ?? [])],
    onCall: [...(question.context.onCall ?? [])],
    openReferences: [...(question.context.openReferences ?? [])],
    incidents: [...(question.context.incidents ?? [])],
  },
  entities: entitiesOf(question),
});

/** Asks one set of policies, and remembers what it answered. */
function askingOf(policySetId: string, schemaName: string): Guardrails['ask'] {
  const ask = remember(MOST_ANSWERS, JSON.stringify, (call: ReturnType<typeof callOf>): GuardrailAnswer => {
    const answer = statefulIsAuthorized({
      ...call,
      preparsedPolicySetId: policySetId,
      preparsedSchemaName: schemaName,
      validateRequest: true,
    });
    if (answer.type === 'failure') {
      return { allowed: false, policyIds: [], errors: answer.errors.map((error) => error.message) };
    }
    const { decision, diagnostics } = answer.response;
    const errors = diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`);
    return {
      allowed: decision === 'allow' && errors.length === 0,
      policyIds: [...diagnostics.reason].sort(),
      errors,
    };
  });
  return (question) => ask(callOf(question));
}

/**
 * The guardrails as Cedar policies.
 * INVARIANT: any error, of the request, the entities or the evaluation, answers "not allowed". Cedar skips a
 * policy that errs, so a `forbid` whose attribute is missing would let through.
 * @see https://docs.cedarpolicy.com/auth/authorization.html
 */
export function makeCedarGuardrails(text: string, catalog: CatalogFile, digest: string): Guardrails {
  const { policySetId, observingSetId, schemaName, policies } = compileGuardrails(text, catalog, digest);
  const ask = askingOf(policySetId, schemaName);
  const jsons = [...policies.values()].map(({ json }) => json);
  return {
    digest,
    ask,
    ...(observingSetId && { askObserving: askingOf(observingSetId, schemaName) }),
    namedOutside: namedOutside(jsons),
    couldPermit: makePermitFilter(jsons),
    kindOf: makeKindOfQuestion(jsons, levelsOfActions(catalog)),
    digestFor: (principal, wanted) =>
      digestOf(
        [...policies.values()]
          .filter(({ json }) => mayApply(json, principal, wanted))
          .map(({ text: rule }) => rule),
      ),
  };
}
