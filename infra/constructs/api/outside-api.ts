import { CfnOutput, Stack } from 'aws-cdk-lib';
import { HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { ConfigError } from '../../../lambdas/shared/domain/config-error.ts';
import { justify } from '../../justify.ts';
import type { Settings } from '../../settings.ts';
import type { Functions } from '../functions/functions.ts';
import { makeHttpDoor } from './make-http-door.ts';

/** An HTTP API for sources outside, whose facts are signed: who sends one does not matter. */
export class OutsideApi extends Construct {
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
        'facts makes a door on the internet, which cannot be private: agree by publicTokenDoor, or leave it out',
      );
    const { http, url } = makeHttpDoor(this, {
      apiName: 'postern-facts',
      description: 'Postern: takes facts that sources outside have signed',
    });
    const routes = http.addRoutes({
      path: '/outside/facts',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('take-fact', functions.of('take-fact')),
      authorizer: new HttpNoneAuthorizer(),
    });
    for (const route of routes)
      justify(
        route,
        'AwsSolutions-APIG4',
        'The function verifies the signature of the fact before it does anything.',
      );
    new CfnOutput(Stack.of(this), 'FactsUrl', { value: `${url}outside` });
  }
}
