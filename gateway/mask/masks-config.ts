import * as z from 'zod';
import type { CatalogFile } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { ConfigError } from '../../lambdas/shared/domain/config-error.ts';
import type { Models, Operation, Service } from '../identify/read-models.ts';

const FILE = 'masks.json';

const group = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);
const id = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'a name: a-z, 0-9 and -');

/** Attributes of a table's items, at any depth, whatever is called on it. */
const attributesSchema = z.strictObject({
  id,
  /** A DynamoDB table of the catalog. */
  table: z.string(),
  attributes: z.array(z.string().min(2).max(255)).min(1).max(50),
  /** Whoever is in one of these sees them. */
  exceptGroups: z.array(group).max(20).default([]),
});

/** Members of an operation's answer: named by their paths, or all that its model calls sensitive. */
const fieldsSchema = z
  .strictObject({
    id,
    /** As `secretsmanager:GetSecretValue`, by the name that the service signs with. */
    operation: z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/),
    /** `[]` is each of a list, `{}` each value of a map: `UserAttributes.[].Value`. */
    fields: z
      .array(z.string().regex(/^[^.]+(?:\.[^.]+)*$/))
      .max(50)
      .default([]),
    sensitive: z.boolean().default(false),
    exceptGroups: z.array(group).max(20).default([]),
  })
  .refine(({ fields, sensitive }) => fields.length > 0 || sensitive, 'names no fields');

const masksSchema = z.strictObject({
  version: z.literal(1),
  masks: z.array(z.union([attributesSchema, fieldsSchema])).max(200),
});

export type AttributesMask = z.infer<typeof attributesSchema>;
export type FieldsMask = z.infer<typeof fieldsSchema>;
export type Mask = AttributesMask | FieldsMask;

/** The protocols whose answers can be masked: of the others an answer that should be is refused. */
const READABLE = ['json', 'rest-json'];

/** The operation of a mask, by the name that its service signs with. */
export function operationOf(
  { operation }: FieldsMask,
  models: Models,
): { service: Service; operation: Operation } | undefined {
  const [signing = '', name = ''] = operation.split(':');
  for (const service of models.of(signing)) {
    const found = service.operations.get(name);
    if (found) return { service, operation: found };
  }
  return undefined;
}

function problemOf(mask: Mask, catalog: CatalogFile, models: Models): string | undefined {
  if ('table' in mask) {
    const found = catalog.resources.find(({ key }) => key === mask.table);
    return found?.kind === 'dynamodb-table'
      ? undefined
      : `${mask.table} is no DynamoDB table of catalog.json`;
  }
  const found = operationOf(mask, models);
  if (!found) return `${mask.operation} is no operation of AWS`;
  if (!found.service.protocols.some((protocol) => READABLE.includes(protocol))) {
    return `answers of ${mask.operation} cannot be masked: they are no JSON`;
  }
  if (mask.sensitive && found.operation.sensitive.length === 0)
    return `the model of ${mask.operation} calls nothing sensitive`;
  return undefined;
}

/** The masks of a text. Throws ConfigError for one that could never apply. */
export function parseMasks(text: string, catalog: CatalogFile, models: Models): readonly Mask[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError(FILE, undefined, 'is not JSON');
  }
  const parsed = masksSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(FILE, undefined, `${issue?.path.map(String).join('.')}: ${issue?.message}`);
  }
  const ids = new Set<string>();
  for (const mask of parsed.data.masks) {
    const problem = ids.has(mask.id) ? 'is there twice' : problemOf(mask, catalog, models);
    if (problem) throw new ConfigError(FILE, undefined, `${mask.id}: ${problem}`);
    ids.add(mask.id);
  }
  return parsed.data.masks;
}
