import * as z from 'zod';
import type { OpenOperation } from '../../shared/http/operation.ts';

/** Serves the API's own document, made at the first call. */
export function getOpenApi(documentOf: () => unknown): OpenOperation {
  let document: unknown;
  return {
    id: 'getOpenApi',
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document.',
    signed: false,
    answers: { 200: { description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) } },
    problems: [],
    answer: () => {
      document ??= documentOf();
      return { status: 200, body: document };
    },
  };
}
