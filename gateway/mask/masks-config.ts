import * as z from 'zod';
import type { CatalogFile } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { ConfigError } from '../../lambdas/shared/domain/config-error.ts';
import type { Models, Operation, Service } from '../identify/read-models.ts';
import { makeNode, masksStream, problemOfPath } from './mask-node.ts';

const FILE = 'masks.json';

const group = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);
const id = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'a name: a-z, 0-9 and -');

/** What texts are searched for. */
const detectors = z
  .array(z.enum(['email', 'card', 'iban', 'us-ssn']))
  .max(10)
  .default([]);

/** Attributes of a table's items, at any depth, whatever is called on it. */
const attributesSchema = z
  .strictObject({
    id,
    /** A DynamoDB table of the catalog. */
    table: z.string(),
    attributes: z.array(z.string().min(2).max(255)).max(50).default([]),
    detect: detectors,
    /** Whoever is in one of these sees them. */
    exceptGroups: z.array(group).max(20).default([]),
  })
  .refine(({ attributes, detect }) => attributes.length + detect.length > 0, 'masks nothing');

/** Members of an operation's answer: named by their paths, or all that its model calls sensitive. */
const fieldsSchema = z
  .strictObject({
    id,
    /** As `secretsmanager:GetSecretValue`, by the name that the service signs with; `logs:*` for all of one, `*` for all. */
    operation: z.string().regex(/^(?:\*|[a-z0-9-]+:(?:\*|[A-Za-z0-9]+))$/),
    /** `[]` is each of a list, `{}` each value of a map: `UserAttributes.[].Value`. */
    fields: z
      .array(z.string().regex(/^[^.]+(?:\.[^.]+)*$/))
      .max(50)
      .default([]),
    /** All that the model of the operation calls sensitive. */
    sensitive: z.boolean().default(false),
    detect: detectors,
    exceptGroups: z.array(group).max(20).default([]),
  })
  .refine(
    ({ fields, sensitive, detect }) => fields.length > 0 || sensitive || detect.length > 0,
    'masks nothing',
  )
  .refine(
    ({ fields, operation }) => fields.length === 0 || !operation.endsWith('*'),
    'names fields of many operations',
  );

const masksSchema = z.strictObject({
  version: z.literal(1),
  masks: z.array(z.union([attributesSchema, fieldsSchema])).max(200),
});

export type AttributesMask = z.infer<typeof attributesSchema>;
export type FieldsMask = z.infer<typeof fieldsSchema>;
export type Mask = AttributesMask | FieldsMask;

/** The one operation of a mask, by the name that its service signs with; undefined where it means many, or none. */
function operationOf(
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

/** Whether a mask means a service's operation. */
export function meansOperation(
  { operation: pattern }: FieldsMask,
  service: Pick<Service, 'signing'>,
  operation: Pick<Operation, 'name'>,
): boolean {
  const [signing, name] = pattern.split(':');
  return pattern === '*' || (signing === service.signing && (name === '*' || name === operation.name));
}

function problemOfFields(mask: FieldsMask, models: Models): string | undefined {
  const { operation, fields, sensitive, detect } = mask;
  if (operation.endsWith('*')) {
    const [signing = ''] = operation.split(':');
    return operation === '*' || models.of(signing).length > 0
      ? undefined
      : `AWS has no service that signs as ${signing}`;
  }
  const found = operationOf(mask, models);
  if (!found) return `${operation} is no operation of AWS`;
  if (sensitive && !found.operation.answersSensitive)
    return `the model of ${operation} calls nothing sensitive`;
  const shapes = found.service.shapes();
  const answer = shapes.answer(found.operation.name);
  if (answer === undefined) return `${operation} answers nothing`;
  const root = makeNode(answer, fields, sensitive, shapes);
  if (masksStream(root, detect.length > 0)) return `${operation} answers a stream, which no mask reads`;
  return fields.map((field) => problemOfPath(root, field)).find((problem) => problem !== undefined);
}

function problemOf(mask: Mask, catalog: CatalogFile, models: Models): string | undefined {
  if (!('table' in mask)) return problemOfFields(mask, models);
  const found = catalog.resources.find(({ key }) => key === mask.table);
  return found?.kind === 'dynamodb-table' ? undefined : `${mask.table} is no DynamoDB table of catalog.json`;
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
