import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The API's document, as `npm run docs:api` writes it of the operations; a test fails while it is stale. A bundle has it
 * beside itself, so that no function carries what writes it.
 */
export const readOpenApi = (): unknown =>
  JSON.parse(readFileSync(join(process.env.LAMBDA_TASK_ROOT ?? '.', 'docs/openapi.json'), 'utf8'));
