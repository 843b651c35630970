import { problemResponse } from '../../lambdas/shared/http/problem-response.ts';
import { Problem } from '../../lambdas/shared/http/problems.ts';
import type { EdgeOptions } from '../sandbox-parts.ts';
import { answerOf } from './api-answer.ts';
import { httpEventOf } from './http-event.ts';

/** Where an identity provider writes, as on AWS. */
export const SCIM_DOOR = '/scim';
const FUNCTION = 'postern-scim';

/** The HTTP API for an identity provider: everything under its path is the function's. */
export const makeScimDoor =
  ({ invoke, logs }: Pick<EdgeOptions, 'invoke' | 'logs'>) =>
  async (request: Request): Promise<Response> => {
    try {
      const event = httpEventOf(request, await request.arrayBuffer(), {
        apiId: 'sandbox-scim',
        routeKey: `ANY ${SCIM_DOOR}/{proxy+}`,
      });
      return answerOf(await invoke(FUNCTION, event));
    } catch (error) {
      logs.add({ functionName: FUNCTION, loggedAtMs: Date.now(), text: `not answered: ${String(error)}` });
      return problemResponse(new Problem('internal_error', 'The function failed; its log says why.'));
    }
  };
