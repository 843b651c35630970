import { readFileSync } from 'node:fs';
import { CONFIG_DOCS, type FieldDoc, type FileDoc } from './fields.ts';
import { fieldsOf, type JsonSchema, jsonSchemaOf } from './schemas.ts';

export const CONFIG_PAGE = 'docs/configuration.md';
const INTRODUCTION = 'scripts/config-docs/introduction.md';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (value: unknown): string => `\`${cell(JSON.stringify(value))}\``;

/** What a field takes, in a few words. */
function takes(field: JsonSchema): string {
  if (field.const !== undefined) return code(field.const);
  if (field.enum) return field.enum.map(code).join(', ');
  if (field.anyOf) return field.anyOf.map(takes).join(' or ');
  const { type, minimum, maximum, maxLength, maxItems } = field;
  if (type === 'integer' || type === 'number') return `a number, ${minimum ?? ''}–${maximum ?? ''}`;
  if (type === 'boolean') return '`true` or `false`';
  if (type === 'array') return `a list${maxItems === undefined ? '' : ` of at most ${maxItems}`}`;
  if (type === 'object') return 'an object';
  return `a text${maxLength === undefined ? '' : ` of at most ${maxLength} characters`}`;
}

function row(path: string, field: JsonSchema, isRequired: boolean, { says, example }: FieldDoc): string {
  const missing = field.default === undefined ? 'may be absent' : `${code(field.default)} if absent`;
  const shown = example === undefined ? '' : code(example);
  return `| \`${path}\` | ${cell(says)} | ${takes(field)}; ${isRequired ? 'required' : missing} | ${shown} |`;
}

function section(doc: FileDoc): string {
  const rows = fieldsOf(jsonSchemaOf(doc)).map(([path, field, isRequired]) => {
    const described = doc.fields[path];
    if (!described) throw new Error(`${doc.file}: ${path} is described nowhere`);
    return row(path, field, isRequired, described);
  });
  return [
    `## \`${doc.file}\``,
    '',
    doc.says,
    '',
    '| field | | takes | example |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** docs/configuration.md, from the schemas themselves; a test holds the two against each other. */
export const configDocs = (): string =>
  `${readFileSync(INTRODUCTION, 'utf8')}\n${CONFIG_DOCS.map(section).join('\n')}`;
