import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { API_SPECS } from '../../../lambdas/front-door/api-specs.ts';
import { problemsOf } from '../../../lambdas/shared/http/open-api-document.ts';
import { PROBLEMS } from '../../../lambdas/shared/http/problems.ts';
import { apiDocs, markedUp } from '../../../scripts/api-docs.ts';

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const { openApi, tables } = apiDocs();
const document = JSON.parse(openApi);
const HINT = 'stale: run `node scripts/write-api-docs.ts`';

describe('docs/openapi.json', () => {
  it('is what the code says', () => expect(read('openapi.json') === openApi, HINT).toBe(true));

  it('describes every operation that is served', () => {
    const described = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(API_SPECS.map(({ method, path }) => `${method} ${path}`).sort());
    expect(described.sort()).toEqual([
      'GET /access-matrix',
      'GET /access-reviews',
      'GET /access-reviews/{id}',
      'GET /access-reviews/{id}/items/{item}',
      'GET /approvals',
      'GET /audit',
      'GET /audit/verification',
      'GET /break-glass',
      'GET /catalog',
      'GET /directory',
      'GET /gateway-sessions',
      'GET /gateway-sessions/{id}/calls',
      'GET /healthz',
      'GET /openapi.json',
      'GET /passkeys',
      'GET /policies/{id}',
      'GET /policies/{id}/versions',
      'GET /principals',
      'GET /requests',
      'GET /requests/{id}',
      'GET /requests/{id}/execution',
      'GET /requests/{id}/votes',
      'GET /sessions',
      'POST /access-reviews',
      'POST /access-reviews/{id}/items/{item}',
      'POST /calls',
      'POST /changes',
      'POST /credentials',
      'POST /delegations',
      'POST /gateway-sessions/{id}/end',
      'POST /passkeys',
      'POST /passkeys/{id}/revoke',
      'POST /requests',
      'POST /requests/{id}/cancel',
      'POST /requests/{id}/credentials',
      'POST /requests/{id}/review',
      'POST /requests/{id}/revoke',
      'POST /requests/{id}/votes',
      'POST /requests/{id}/votes/challenge',
    ]);
  });

  it('refers to nothing that it does not hold', () => {
    const refs = [...openApi.matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(new Set(refs)).toEqual(new Set(Object.keys(document.components.schemas)));
    expect(openApi).not.toContain('$defs');
  });

  it('leaves only health and itself unsigned', () => {
    const open = API_SPECS.filter(({ signed }) => !signed).map(({ path }) => path);
    expect(open).toEqual(['/healthz', '/openapi.json']);
  });

  it('tells of every code, but those of paths and methods that it does not have', () => {
    const told = new Set(API_SPECS.flatMap(problemsOf));
    expect(Object.keys(PROBLEMS).filter((code) => !told.has(code as keyof typeof PROBLEMS))).toEqual([
      'route_not_found',
      'method_not_allowed',
    ]);
  });
});

describe('docs/api.md', () => {
  const page = read('api.md');
  it('holds the tables that the code says', () => expect(markedUp(page, tables) === page, HINT).toBe(true));
  it('names every status', () => {
    for (const status of document.components.schemas.Request.properties.status.enum)
      expect(page).toContain(`\`${status}\``);
  });
});
