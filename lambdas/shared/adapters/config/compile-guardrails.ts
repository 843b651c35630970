import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import type { CatalogFile } from '../../domain/catalog/catalog.ts';
import type { NamedInGuardrail } from '../../domain/config-check/find-doubts.ts';
import { ConfigError, lineAt } from '../../domain/config-error.ts';
import { entityLiteralsOf, impossibleComparisonsOf } from './cedar-literals.ts';
import { attributeValues, cedarSchemaOf } from './cedar-schema.ts';

const FILE = 'guardrails.cedar';

/** Guardrails and schema, parsed once and kept by Cedar under these names. */
type CompiledGuardrails = {
  readonly policySetId: string;
  readonly schemaName: string;
  /** Those that decide. */
  readonly policies: ReadonlyMap<string, Compiled>;
  /** All of them, those that are only observed too; undefined where none is. */
  readonly observingSetId: string | undefined;
};
type Compiled = { readonly text: string; readonly json: cedar.PolicyJson };

type Detail = { message: string; sourceLocations?: { start: number }[] };

function refuse(text: string, errors: readonly Detail[], what: string): never {
  const offset = errors[0]?.sourceLocations?.[0]?.start;
  const line = offset === undefined ? undefined : lineAt(text, offset);
  throw new ConfigError(FILE, line, `${what}: ${errors.map((error) => error.message).join('; ')}`);
}

/** `@observe`: what it would forbid is recorded, and not forbidden. */
const isObserved = ({ annotations }: cedar.PolicyJson): boolean => annotations?.observe !== undefined;

/** The policies by their `@id`, which is what an answer names them by. */
function policiesById(text: string): Map<string, Compiled> {
  const parts = cedar.policySetTextToParts(text);
  if (parts.type === 'failure') refuse(text, parts.errors, 'does not parse');
  if (parts.policy_templates.length > 0)
    throw new ConfigError(FILE, undefined, 'templates are not used here');
  const policies = new Map<string, Compiled>();
  for (const policy of parts.policies) {
    const line = lineAt(text, Math.max(0, text.indexOf(policy)));
    const parsed = cedar.policyToJson(policy);
    if (parsed.type === 'failure') refuse(text, parsed.errors, 'does not parse');
    const id = parsed.json.annotations?.id;
    if (!id)
      throw new ConfigError(FILE, line, 'a policy has no @id("…"); name it, so that answers can cite it');
    if (isObserved(parsed.json) && parsed.json.effect !== 'forbid')
      throw new ConfigError(
        FILE,
        line,
        `${id}: only a forbid can be observed; a permit opens, or is left out`,
      );
    if (policies.has(id))
      throw new ConfigError(FILE, line, `@id("${id}") is used twice; name each policy once`);
    policies.set(id, { text: policy, json: parsed.json });
  }
  return policies;
}

/** Cedar lets a literal of an unknown entity pass, so the literals are checked against the catalog here. */
function checkLiterals(text: string, id: string, policy: cedar.PolicyJson, catalog: CatalogFile): void {
  const line = lineAt(text, Math.max(0, text.indexOf(`@id("${id}")`)));
  const resources = new Set(catalog.resources.map((resource) => resource.key));
  for (const literal of entityLiteralsOf(policy)) {
    if (literal.type === 'Resource' && !resources.has(literal.id)) {
      throw new ConfigError(FILE, line, `${id}: Resource::"${literal.id}" is not in catalog.json`);
    }
  }
  const [impossible] = impossibleComparisonsOf(policy, attributeValues(catalog));
  if (impossible) throw new ConfigError(FILE, line, `${id}: ${impossible} can never be; check the spelling`);
}

const textsOf = (policies: ReadonlyMap<string, Compiled>): Record<string, string> =>
  Object.fromEntries([...policies].map(([id, { text }]) => [id, text]));

/** The `@id`s of those that are only observed. Throws ConfigError for what does not parse. */
export const observedGuardrails = (text: string): string[] =>
  [...policiesById(text)].flatMap(([id, { json }]) => (isObserved(json) ? [id] : []));

/**
 * Parses and validates the guardrails against the catalog, and hands them to Cedar, once for as long as the
 * process lives. Throws ConfigError for anything that does not parse, does not validate, has no `@id`, or
 * names a resource, an action or a value that does not exist.
 */
export function compileGuardrails(text: string, catalog: CatalogFile, digest: string): CompiledGuardrails {
  const policies = policiesById(text);
  const schema = cedarSchemaOf(catalog);
  const staticPolicies = textsOf(policies);
  const validated = cedar.validate({ schema, policies: { staticPolicies } });
  if (validated.type === 'failure') refuse(text, validated.errors, 'does not validate');
  const [first] = validated.validationErrors;
  if (first) {
    const line = lineAt(text, Math.max(0, text.indexOf(`@id("${first.policyId}")`)));
    throw new ConfigError(FILE, line, `${first.policyId}: ${first.error.message}`);
  }
  for (const [id, policy] of policies) checkLiterals(text, id, policy.json, catalog);
  const deciding = new Map([...policies].filter(([, { json }]) => !isObserved(json)));
  const names = { policySetId: `guardrails:${digest}`, schemaName: `schema:${digest}` };
  const observingSetId = deciding.size < policies.size ? `observing:${digest}` : undefined;
  const parsings = [
    cedar.preparseSchema(names.schemaName, schema),
    cedar.preparsePolicySet(names.policySetId, { staticPolicies: textsOf(deciding) }),
    ...(observingSetId ? [cedar.preparsePolicySet(observingSetId, { staticPolicies })] : []),
  ];
  for (const answer of parsings)
    if (answer.type === 'failure') refuse(text, answer.errors, 'could not be compiled');
  return { ...names, policies: deciding, observingSetId };
}

/** The groups and principals that guardrails name, by the policy that does. Throws ConfigError for what does not parse. */
export const namesInGuardrails = (text: string): NamedInGuardrail[] =>
  [...policiesById(text)].flatMap(([policyId, { json }]) =>
    entityLiteralsOf(json).flatMap(({ type, id }) =>
      type === 'Group' || type === 'Principal' ? [{ policyId, type, id }] : [],
    ),
  );
