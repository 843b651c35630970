type Values = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
/** What a plan does not know yet stays open, as a variable of the policy. */
const textsOf = (value: unknown): string[] =>
  listOf(value).map((text) =>
    typeof text === 'string' ? text.replaceAll('&{', '${') : '${template:unknown}',
  );
const oneOrMany = (texts: readonly string[]): string | readonly string[] =>
  texts.length === 1 ? (texts[0] as string) : texts;

/**
 * The document that `aws_iam_policy_document` would write from its blocks, for a plan in which it is not written yet.
 * Terraform writes `&{…}` where IAM has `${…}`. Undefined where there is no statement.
 * The form is that of the AWS provider for Terraform.
 */
export function documentOfBlocks(values: Values): object | undefined {
  if (typeof values.json === 'string' && values.json !== '') return JSON.parse(values.json) as object;
  const statements = listOf(values.statement).filter(isObject);
  if (statements.length === 0) return undefined;
  return {
    Version: typeof values.version === 'string' ? values.version : '2012-10-17',
    Statement: statements.map(statementOf),
  };
}

function statementOf(block: Values): object {
  return {
    ...(typeof block.sid === 'string' && block.sid !== '' && { Sid: block.sid }),
    Effect: typeof block.effect === 'string' ? block.effect : 'Allow',
    ...listElement('Action', block.actions),
    ...listElement('NotAction', block.not_actions),
    ...listElement('Resource', block.resources),
    ...listElement('NotResource', block.not_resources),
    ...principalElement('Principal', block.principals),
    ...principalElement('NotPrincipal', block.not_principals),
    ...conditionElement(block.condition),
  };
}

const listElement = (name: string, value: unknown): object => {
  const texts = textsOf(value);
  return texts.length > 0 ? { [name]: oneOrMany(texts) } : {};
};

function principalElement(name: string, value: unknown): object {
  const blocks = listOf(value).filter(isObject);
  if (blocks.length === 0) return {};
  if (blocks.some(({ type }) => type === '*')) return { [name]: '*' };
  return {
    [name]: Object.fromEntries(
      blocks.map(({ type, identifiers }) => [String(type), oneOrMany(textsOf(identifiers))]),
    ),
  };
}

function conditionElement(value: unknown): object {
  const blocks = listOf(value).filter(isObject);
  if (blocks.length === 0) return {};
  const written: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of blocks) {
    const keys = written[String(test)] ?? {};
    keys[String(variable)] = oneOrMany(textsOf(values));
    written[String(test)] = keys;
  }
  return { Condition: written };
}
