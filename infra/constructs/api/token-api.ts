import { CfnOutput, Stack } from 'aws-cdk-lib';
import { HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { ConfigError } from '../../../lambdas/shared/domain/config-error.ts';
import type { Issuer } from '../../../lambdas/shared/domain/identity/issuers.ts';
import type { FunctionName } from '../../all-functions.ts';
import { TOKEN_CALLS } from '../../api-calls.ts';
import { justify } from '../../justify.ts';
import type { Settings } from '../../settings.ts';
import type { Functions } from '../functions/functions.ts';
import { makeHttpDoor } from './make-http-door.ts';

type Props = {
  readonly functions: Functions;
  readonly settings: Settings;
  readonly issuers: readonly Issuer[];
};

/**
 * One permission for the whole door, and none for each route: with every route of every issuer, a stack would have too many
 * resources, and a function's policy more than its 20 kB. What a route leads to, the route says.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const PERMITTED = { scopePermissionToRoute: false };

/**
 * An HTTP API for callers with tokens. A JWT authorizer knows one issuer, so each issuer has a door of its own,
 * `/<name>`, whose authorizer refuses what is none of its tokens before a function runs; the function verifies the token
 * itself.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export class TokenApi extends Construct {
  /** With a slash at its end: a door's name follows. */
  readonly url: string;

  constructor(scope: Construct, id: string, { functions, settings, issuers }: Props) {
    super(scope, id);
    if (settings.vpcEndpointId && !settings.publicTokenDoor)
      throw new ConfigError(
        'deployment.json',
        undefined,
        'issuers.json lists issuers to sign in with, whose door cannot be private: agree by publicTokenDoor, or list none',
      );
    const { http, url } = makeHttpDoor(this, {
      apiName: 'postern-tokens',
      description: 'Postern: asks for access with a token, and hands it over',
    });
    this.url = url;
    const integrations = new Map<FunctionName, HttpLambdaIntegration>();
    for (const issuer of issuers) {
      const { name, signIn } = issuer;
      const authorizer = new HttpJwtAuthorizer(`Issuer-${name}`, issuer.issuer, {
        authorizerName: name,
        jwtAudience: [...(signIn?.audiences ?? []), ...(signIn?.clients ?? [])],
      });
      for (const { method, path, signed, answeredBy } of TOKEN_CALLS) {
        const integration =
          integrations.get(answeredBy) ??
          new HttpLambdaIntegration(answeredBy, functions.of(answeredBy), PERMITTED);
        integrations.set(answeredBy, integration);
        const routes = http.addRoutes({
          path: `/${name}${path}`,
          methods: [method === 'GET' ? HttpMethod.GET : HttpMethod.POST],
          integration,
          authorizer: signed ? authorizer : new HttpNoneAuthorizer(),
        });
        if (!signed)
          for (const route of routes)
            justify(
              route,
              'AwsSolutions-APIG4',
              'The API description and the health check say nothing private.',
            );
      }
      new CfnOutput(Stack.of(this), `TokenApiUrl${name.replaceAll('-', '')}`, {
        value: `${url}${name}`,
      });
    }
  }
}
