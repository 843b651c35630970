import { problemResponse } from '../../lambdas/shared/http/problem-response.ts';
import { Problem } from '../../lambdas/shared/http/problems.ts';
import type { EdgeOptions } from '../sandbox-parts.ts';
import { answerOf } from './api-answer.ts';
import { httpEventOf } from './http-event.ts';

/** Where sources outside send facts, as on AWS. */
export const OUTSIDE_DOOR = '/outside';
const FUNCTION = 'postern-take-fact';

/** The HTTP API for sources outside. */
export const makeOutsideDoor =
  ({ invoke, logs }: Pick<EdgeOptions, 'invoke' | 'logs'>) =>
  async (request: Request): Promise<Response> => {
    try {
      const event = httpEventOf(request, await request.arrayBuffer(), {
        apiId: 'sandbox-facts',
        routeKey: `POST ${OUTSIDE_DOOR}/facts`,
      });
      return answerOf(await invoke(FUNCTION, event));
    } catch (error) {
      logs.add({ functionName: FUNCTION, loggedAtMs: Date.now(), text: `not answered: ${String(error)}` });
      return problemResponse(new Problem('internal_error', 'The function failed; its log says why.'));
    }
  };
