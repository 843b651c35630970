import { problemResponse } from '../../lambdas/shared/http/problem-response.ts';
import { Problem } from '../../lambdas/shared/http/problems.ts';
import type { EdgeOptions } from '../sandbox-parts.ts';
import { answerOf } from './api-answer.ts';
import { findRoute } from './find-route.ts';
import { httpEventOf } from './http-event.ts';

/** Where the sandbox's own issuer has its door, as each issuer has one on AWS. */
export const TOKEN_DOOR = '/oidc';

type Options = Pick<EdgeOptions, 'template' | 'invoke' | 'logs'>;

/**
 * The HTTP API for callers with tokens: payload 2.0, and the function of the route. The authorizer, which on AWS comes
 * first, is not here: what it refuses the function refuses too.
 */
export function makeTokenDoor({ template, invoke, logs }: Options) {
  return async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const path = url.pathname.slice(TOKEN_DOOR.length);
    const found = findRoute(template.tokenRoutes, request.method, path);
    if (found.kind === 'no_path')
      return problemResponse(new Problem('route_not_found', `There is nothing at ${path}.`));
    if (found.kind === 'no_method')
      return problemResponse(
        new Problem('method_not_allowed', `Use ${found.allow.join(' or ')}.`, { allow: found.allow }),
      );
    const { functionName } = found.route;
    try {
      const event = httpEventOf(request, await request.arrayBuffer(), {
        apiId: 'sandbox-tokens',
        routeKey: `${found.route.method} ${TOKEN_DOOR}${found.route.path}`,
        pathParameters: found.parameters,
      });
      return answerOf(await invoke(functionName, event));
    } catch (error) {
      logs.add({ functionName, loggedAtMs: Date.now(), text: `not answered to the API: ${String(error)}` });
      return problemResponse(new Problem('internal_error', 'The function failed; its log says why.'));
    }
  };
}
