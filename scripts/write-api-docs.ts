import { readFileSync, writeFileSync } from 'node:fs';
import { apiDocs, markedUp } from './api-docs.ts';

/** Writes docs/openapi.json, and the generated tables of docs/api.md. A test fails while they are stale. */
const docs = new URL('../docs/', import.meta.url);
const { openApi, tables } = apiDocs();
writeFileSync(new URL('openapi.json', docs), openApi);
const page = new URL('api.md', docs);
writeFileSync(page, markedUp(readFileSync(page, 'utf8'), tables));
