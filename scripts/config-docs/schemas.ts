import * as z from 'zod';
import { settingsSchema } from '../../infra/settings.ts';
import { approvalsConfigSchema } from '../../lambdas/shared/domain/approvals/approvals-config.ts';
import { catalogSchema } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { issuersConfigSchema } from '../../lambdas/shared/domain/identity/issuers.ts';
import { limitsConfigSchema } from '../../lambdas/shared/domain/limits/limits-config.ts';
import { factSourcesSchema } from '../../lambdas/shared/domain/outside/fact-sources.ts';
import { CONFIG_DOCS, type FileDoc } from './fields.ts';

/** The schema that each file is read by. */
export const CONFIG_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  'catalog.json': catalogSchema,
  'approvals.json': approvalsConfigSchema,
  'limits.json': limitsConfigSchema,
  'issuers.json': issuersConfigSchema,
  'facts.json': factSourcesSchema,
  'deployment.json': settingsSchema,
};

/** As much of a JSON Schema as is looked at here. */
export type JsonSchema = {
  type?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  required?: string[];
  enum?: readonly unknown[];
  anyOf?: JsonSchema[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
};

/** Every field of a schema by its path, with whether it must be there. Objects of one field's own form end a path. */
export function fieldsOf(
  schema: JsonSchema,
  before = '',
): [path: string, field: JsonSchema, isRequired: boolean][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${before}${name}`;
    const isRequired = schema.required?.includes(name) ?? false;
    const inner = field.items?.properties ? fieldsOf(field.items, `${path}[].`) : nested(path, field);
    return [[path, field, isRequired] as [string, JsonSchema, boolean], ...inner];
  });
}

/** Purposes of issuers, levels of actions and keys are told as one field. */
const TOLD_WHOLE = /\.(signIn|gateway|subjects|actions|publicKey|recordKey)$/;
const nested = (path: string, field: JsonSchema) =>
  field.properties && !TOLD_WHOLE.test(path) ? fieldsOf(field, `${path}.`) : [];

/** The JSON Schema of a file as it is written, each field described. Throws for one that nobody described. */
export function jsonSchemaOf({ file, says, fields }: FileDoc): JsonSchema {
  const schema = CONFIG_SCHEMAS[file];
  if (!schema) throw new Error(`${file} has no schema`);
  const written = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  for (const [path, field] of fieldsOf(written)) {
    const doc = fields[path];
    if (!doc)
      throw new Error(`${file}: ${path} is described nowhere; write it in scripts/config-docs/fields.ts`);
    field.description = doc.says;
  }
  return { ...written, description: says };
}

/** The schemas by their files' names, as they lie beside the configuration for editors. */
export const schemaFiles = (): Map<string, string> =>
  new Map(
    CONFIG_DOCS.map((doc) => [
      doc.file.replace('.json', '.schema.json'),
      `${JSON.stringify(jsonSchemaOf(doc), undefined, 2)}\n`,
    ]),
  );
