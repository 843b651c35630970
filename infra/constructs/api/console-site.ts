import { CfnOutput, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpNoneAuthorizer, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Issuer } from '../../../lambdas/shared/domain/identity/issuers.ts';
import { consoleFunction } from '../../functions/console.ts';
import type { Resources } from '../../grants/grant.ts';
import { justify } from '../../justify.ts';
import { RETAINED } from '../../retained.ts';
import { makeFunction } from '../functions/make-function.ts';

type Props = Omit<Resources, 'scope'> & {
  /** Whose people sign in. */
  readonly issuer: Issuer;
  /** The door for that issuer's tokens. */
  readonly tokenApiUrl: string;
  /** Its bundle; absent where nothing is deployed. */
  readonly folder?: string | undefined;
};

/** Calls a second, and at once, of all who look at pages. */
const MOST_CALLS = { rateLimit: 25, burstLimit: 50 };

/** The console: an HTTP API whose every call a function of its own answers, which knows who is there by a sealed cookie. */
export class ConsoleSite extends Construct {
  constructor(scope: Construct, id: string, { issuer, tokenApiUrl, folder, ...resources }: Props) {
    super(scope, id);
    const { made } = makeFunction(this, 'console', consoleFunction, { scope: this, ...resources }, folder);
    made.addEnvironment('TOKEN_API_URL', tokenApiUrl);
    made.addEnvironment('ISSUER', issuer.issuer);
    const http = new HttpApi(this, 'Http', {
      apiName: 'postern-console',
      description: 'Postern: the console',
      createDefaultStage: false,
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: '/aws/apigateway/postern-console',
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RETAINED,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: http,
      stageName: '$default',
      autoDeploy: true,
      throttle: MOST_CALLS,
      detailedMetricsEnabled: true,
      // INVARIANT: no address with its query, which holds a code while somebody signs in.
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.jsonWithStandardFields(),
      },
    });
    for (const route of http.addRoutes({
      path: '/{proxy+}',
      integration: new HttpLambdaIntegration('console', made),
      authorizer: new HttpNoneAuthorizer(),
    }))
      justify(
        route,
        'AwsSolutions-APIG4',
        'Pages are asked for by a browser; the function knows who by its cookie.',
      );
    new CfnOutput(Stack.of(this), 'ConsoleUrl', { value: stage.url });
  }
}
