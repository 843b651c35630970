import { type HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import { ConfigError } from '../../../lambdas/shared/domain/config-error.ts';
import type { FunctionName } from '../../all-functions.ts';
import { justify } from '../../justify.ts';
import type { Settings } from '../../settings.ts';
import type { Functions } from '../functions/functions.ts';
import { makeHttpDoor } from './make-http-door.ts';

export type OpenDoorProps = { readonly functions: Functions; readonly settings: Settings };

type OpenDoor = {
  /** The setting that asks for it. */
  readonly setting: string;
  readonly apiName: string;
  readonly description: string;
  readonly path: string;
  readonly method: HttpMethod;
  readonly answeredBy: FunctionName;
  /** Why API Gateway authorizes nobody: what the function does first. */
  readonly because: string;
};

/**
 * An HTTP API of one route, on the internet, that API Gateway lets everybody call: its function knows callers in a way of
 * its own. Answers its address, with a slash at its end. Throws ConfigError where doors are to be private.
 */
export function makeOpenDoor(
  scope: Construct,
  { functions, settings }: OpenDoorProps,
  { setting, apiName, description, path, method, answeredBy, because }: OpenDoor,
): string {
  if (settings.vpcEndpointId && !settings.publicTokenDoor)
    throw new ConfigError(
      'deployment.json',
      undefined,
      `${setting} makes a door on the internet, which cannot be private: agree by publicTokenDoor, or leave it out`,
    );
  const { http, url } = makeHttpDoor(scope, { apiName, description });
  const routes = http.addRoutes({
    path,
    methods: [method],
    integration: new HttpLambdaIntegration(answeredBy, functions.of(answeredBy)),
    authorizer: new HttpNoneAuthorizer(),
  });
  for (const route of routes) justify(route, 'AwsSolutions-APIG4', because);
  return url;
}
