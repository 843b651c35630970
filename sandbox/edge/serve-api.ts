import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { AwsError } from '../../gateway/wire/aws-error.ts';
import { problemResponse } from '../../lambdas/shared/http/problem-response.ts';
import { Problem } from '../../lambdas/shared/http/problems.ts';
import { isAllowed } from '../aws/authorize.ts';
import type { AwsCaller } from '../aws/types.ts';
import type { EdgeOptions } from '../sandbox-parts.ts';
import { answerOf } from './api-answer.ts';
import { findRoute } from './find-route.ts';
import { proxyEventOf, STAGE } from './proxy-event.ts';

const SIGN =
  'Sign the request with SigV4 for the service execute-api, with current credentials and a correct clock.';

type ApiOptions = Pick<EdgeOptions, 'template' | 'aws' | 'invoke' | 'logs'>;

/** API Gateway, as far as the template asks for it: the signature first, then the function of the route. */
export function makeApi({ template, aws, invoke, logs }: ApiOptions) {
  async function callerOf(request: Request, resource: string): Promise<AwsCaller> {
    const caller = await aws.verify(request);
    if (!isAllowed(caller, { action: 'execute-api:Invoke', resource })) {
      throw new AwsError('AccessDeniedException', 'not allowed to call the API', 403);
    }
    return caller;
  }

  return async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname.slice(STAGE.length + 1);
    const found = findRoute(template.routes, request.method, path);
    if (found.kind === 'no_path')
      return problemResponse(new Problem('route_not_found', `There is nothing at ${path}.`));
    if (found.kind === 'no_method') {
      return problemResponse(
        new Problem('method_not_allowed', `Use ${found.allow.join(' or ')}.`, { allow: found.allow }),
      );
    }
    const { functionName, authorization } = found.route;
    try {
      const arn = `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:sandbox/${STAGE}/${request.method}${path}`;
      const caller = authorization === 'AWS_IAM' ? await callerOf(request, arn) : undefined;
      const event = proxyEventOf(request, await request.arrayBuffer(), found, caller);
      return answerOf(await invoke(functionName, event));
    } catch (error) {
      if (error instanceof AwsError)
        return problemResponse(new Problem('signature_refused', `${SIGN} (${error.code})`));
      logs.add({ functionName, loggedAtMs: Date.now(), text: `not answered to the API: ${String(error)}` });
      return problemResponse(new Problem('internal_error', 'The function failed; its log says why.'));
    }
  };
}
