import { CfnOutput, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ConfigError } from '../../../lambdas/shared/domain/config-error.ts';
import { justify } from '../../justify.ts';
import { RETAINED } from '../../retained.ts';
import type { Settings } from '../../settings.ts';
import type { Functions } from '../functions/functions.ts';

/** Calls a second, and at once: a provider's first import goes on for as long as it takes. */
const MOST_CALLS = { rateLimit: 25, burstLimit: 50 };

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
    const http = new HttpApi(this, 'Http', {
      apiName: 'postern-scim',
      description: 'Postern: takes users and groups from an identity provider',
      createDefaultStage: false,
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: '/aws/apigateway/postern-scim',
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RETAINED,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: http,
      stageName: '$default',
      autoDeploy: true,
      throttle: MOST_CALLS,
      detailedMetricsEnabled: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.jsonWithStandardFields(),
      },
    });
    const routes = http.addRoutes({
      path: '/scim/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('scim', functions.of('scim')),
      authorizer: new HttpNoneAuthorizer(),
    });
    for (const route of routes)
      justify(route, 'AwsSolutions-APIG4', 'The function compares the bearer token before it does anything.');
    new CfnOutput(Stack.of(this), 'ScimUrl', { value: `${stage.url}scim/v2` });
  }
}
