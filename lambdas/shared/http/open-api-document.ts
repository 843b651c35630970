import type { z } from 'zod';
import { requestIdSchema } from '../domain/access-request.ts';
import { idempotencyKeyField, subjectTokenField } from './caller-fields.ts';
import type { OperationSpec } from './operation.ts';
import { problemSchema } from './problem-response.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';
import { makeSchemaWriter, type SchemaWriter } from './schema-writer.ts';

const BY_ANY_CALL: ProblemCode[] = ['internal_error'];
const BY_SIGNED_CALLS: ProblemCode[] = [
  'token_refused',
  'signature_refused',
  'principal_unknown',
  'token_keys_unavailable',
  'unavailable',
];
const BY_BODIES: ProblemCode[] = [
  'invalid_json',
  'body_too_large',
  'invalid_request',
  'grant_not_selectable',
];

/** Whether a call may carry a body: reading operations have a body schema that takes only its absence. */
const takesBody = ({ method, body }: OperationSpec) => method === 'POST' && body !== undefined;

/** Every code an operation may answer. */
export function problemsOf(operation: OperationSpec): ProblemCode[] {
  return [
    ...new Set([
      ...(takesBody(operation) ? BY_BODIES : []),
      ...(operation.query ? (['invalid_request'] as const) : []),
      ...operation.problems,
      ...(operation.signed ? BY_SIGNED_CALLS : []),
      ...(operation.handsOver ? (['token_only_redirects'] as const) : []),
      ...(operation.signed && !operation.onlyAsks ? (['token_only_asks'] as const) : []),
      ...BY_ANY_CALL,
    ]),
  ];
}

function responsesOf(operation: OperationSpec, schemas: SchemaWriter) {
  const answers = Object.entries(operation.answers).map(([status, { description, schema }]) => [
    status,
    { description, content: { 'application/json': { schema: schemas.write(schema, 'output') } } },
  ]);
  const byStatus = Map.groupBy(problemsOf(operation), (code) => PROBLEMS[code].status);
  const problems = [...byStatus].map(([status, codes]) => [
    status,
    {
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].when}`).join('\n\n'),
      content: { 'application/problem+json': { schema: schemas.write(problemSchema, 'output') } },
    },
  ]);
  return Object.fromEntries([...answers, ...problems]);
}

const header = (name: string, description: string, schema: object) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema,
});

const REQUEST_ID = { schema: requestIdSchema, description: 'The request’s id.' };

function parametersOf(operation: OperationSpec, schemas: SchemaWriter) {
  const { path, pathId = REQUEST_ID, pathItem, query, readsSubjectToken, readsIdempotencyKey } = operation;
  const fields = Object.entries<z.ZodType>((query?.shape as Record<string, z.ZodType>) ?? {}).map(
    ([name, field]) => {
      const { description, ...schema } = schemas.write(field, 'input');
      return { name, in: 'query', required: false, ...(description ? { description } : {}), schema };
    },
  );
  const inPath = (name: string, { description, schema }: NonNullable<OperationSpec['pathId']>) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: schemas.write(schema, 'input'),
  });
  return [
    ...(path.includes('{id}') ? [inPath('id', pathId)] : []),
    ...(pathItem ? [inPath('item', pathItem)] : []),
    ...fields,
    ...(readsSubjectToken
      ? [
          header(
            'X-Subject-Token',
            'A fresh token of the user the request was made for; required where it has one.',
            schemas.write(subjectTokenField, 'input'),
          ),
        ]
      : []),
    ...(readsIdempotencyKey
      ? [
          header(
            'Idempotency-Key',
            'Repeats with the same key and body are the same request, for a day.',
            schemas.write(idempotencyKeyField, 'input'),
          ),
        ]
      : []),
  ];
}

function bodyOf(operation: OperationSpec, schemas: SchemaWriter) {
  const { body } = operation;
  if (!body || !takesBody(operation)) return {};
  const required = !body.safeParse(undefined).success;
  return {
    requestBody: { required, content: { 'application/json': { schema: schemas.write(body, 'input') } } },
  };
}

function describe(operation: OperationSpec, schemas: SchemaWriter) {
  const { id, summary, description, signed } = operation;
  return {
    operationId: id,
    summary,
    ...(description && { description }),
    ...(signed ? {} : { security: [] }),
    parameters: parametersOf(operation, schemas),
    ...bodyOf(operation, schemas),
    responses: responsesOf(operation, schemas),
  };
}

const SIGV4 = {
  type: 'apiKey',
  in: 'header',
  name: 'Authorization',
  description: 'AWS Signature Version 4, service `execute-api`.',
};

const TOKEN = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description:
    'At the door for tokens, which has an address of its own: an OIDC token of an issuer that the broker lists, bound by DPoP where it can be.',
};

/** The API as an OpenAPI 3.1 document, from the very schemas that calls are parsed with. */
export function openApiDocument(operations: readonly OperationSpec[]) {
  const schemas = makeSchemaWriter();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const described = describe(operation, schemas);
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: described };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Postern',
      version: '1',
      description:
        'Just-in-time access to AWS: ask in plain language, get one short-lived session exactly as wide as the job. Errors are RFC 9457 problem details with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ sigv4: [] }, { token: [] }],
    paths,
    components: { schemas: schemas.components, securitySchemes: { sigv4: SIGV4, token: TOKEN } },
  };
}
