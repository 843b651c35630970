import { CfnOutput, Stack } from 'aws-cdk-lib';
import { HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { ConfigError } from '../../../lambdas/shared/domain/config-error.ts';
import { justify } from '../../justify.ts';
import type { Settings } from '../../settings.ts';
import type { Functions } from '../functions/functions.ts';
import { makeHttpDoor } from './make-http-door.ts';

/** An HTTP API for the organisation's identity provider, which brings a token of its own: SCIM has no other signature. */
export class ScimApi extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { functions, settings }: { readonly functions: Functions; readonly settings: Settings },
  ) {
    super(scope, id);
    if (settings.vpcEndpointId && !settings.publicTokenDoor)
      throw new ConfigError(
        'deployment.json',
        undefined,
        'scim makes a door on the internet, which cannot be private: agree by publicTokenDoor, or leave it out',
      );
    const { http, url } = makeHttpDoor(this, {
      apiName: 'postern-scim',
      description: 'Postern: takes users and groups from an identity provider',
    });
    const routes = http.addRoutes({
      path: '/scim/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('scim', functions.of('scim')),
      authorizer: new HttpNoneAuthorizer(),
    });
    for (const route of routes)
      justify(route, 'AwsSolutions-APIG4', 'The function compares the bearer token before it does anything.');
    new CfnOutput(Stack.of(this), 'ScimUrl', { value: `${url}scim/v2` });
  }
}
