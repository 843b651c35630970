import { z } from 'zod';
import { listCatalogSpec } from '../list-catalog/list-catalog-spec.ts';
import type { OperationSpec } from './operation.ts';
import { problemSchema } from './problem-response.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';

const ANY_CALL = ['internal_error'] as const satisfies ProblemCode[];
const SIGNED_CALL = [
  'signature_required',
  'signature_invalid',
  'principal_unknown',
  'unavailable',
] as const satisfies ProblemCode[];

/** Every code an operation may answer. */
export function problemsOf(operation: OperationSpec): ProblemCode[] {
  const input: ProblemCode[] = operation.body ? ['invalid_json', 'body_too_large', 'invalid_request'] : [];
  const query: ProblemCode[] = operation.query ? ['invalid_request'] : [];
  const signed = operation.signed ? SIGNED_CALL : [];
  return [...new Set([...input, ...query, ...operation.problems, ...signed, ...ANY_CALL])];
}

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

function problemAnswers(operation: OperationSpec) {
  const byStatus = Map.groupBy(problemsOf(operation), (code) => PROBLEMS[code].status);
  const answers = [...byStatus].map(([status, codes]) => [
    status,
    {
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].when}`).join('\n\n'),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]);
  return Object.fromEntries(answers);
}

function answersOf(operation: OperationSpec) {
  const answers = Object.entries(operation.answers).map(([status, { description, schema }]) => [
    status,
    { description, content: { 'application/json': { schema: jsonSchema(schema, 'output') } } },
  ]);
  return { ...Object.fromEntries(answers), ...problemAnswers(operation) };
}

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
});

function parametersOf({ path, query, readsSubjectToken, readsIdempotencyKey }: OperationSpec) {
  const fields = Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const { description, ...schema } = jsonSchema(field as z.ZodType, 'input');
    return { name, in: 'query', required: false, ...(description && { description }), schema };
  });
  return [
    ...(path.includes('{id}')
      ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]
      : []),
    ...fields,
    ...(readsSubjectToken
      ? [
          header(
            'X-Subject-Token',
            'A fresh token of the user the request was made for; required where it has one.',
          ),
        ]
      : []),
    ...(readsIdempotencyKey
      ? [header('Idempotency-Key', 'Repeats with the same key and body are the same request, for a day.')]
      : []),
  ];
}

function bodyOf({ body }: OperationSpec) {
  if (!body) return {};
  const required = !body.safeParse(undefined).success;
  return {
    requestBody: { required, content: { 'application/json': { schema: jsonSchema(body, 'input') } } },
  };
}

function describe(operation: OperationSpec) {
  const { id, summary, description, signed } = operation;
  return {
    operationId: id,
    summary,
    ...(description && { description }),
    ...(signed ? {} : { security: [] }),
    parameters: parametersOf(operation),
    ...bodyOf(operation),
    responses: answersOf(operation),
  };
}

/** The API as an OpenAPI 3.1 document, from the very schemas that calls are parsed with. */
export function openApiDocument(operations: readonly OperationSpec[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of [...operations, listCatalogSpec]) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describe(operation),
    };
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
    security: [{ sigv4: [] }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4, service `execute-api`.',
        },
      },
    },
  };
}
