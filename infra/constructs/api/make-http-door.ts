import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { RETAINED } from '../../retained.ts';

/** Calls a second, and at once, that one door lets in of all who come to it. */
const MOST_CALLS = { rateLimit: 25, burstLimit: 50 };

type Door = { readonly apiName: string; readonly description: string };

/**
 * An HTTP API without routes, its stage, and its access log, which has neither tokens nor addresses with their query: a code
 * stands in one while somebody signs in.
 */
export function makeHttpDoor(scope: Construct, door: Door): { readonly http: HttpApi; readonly url: string } {
  const http = new HttpApi(scope, 'Http', { ...door, createDefaultStage: false });
  const accessLog = new LogGroup(scope, 'AccessLog', {
    logGroupName: `/aws/apigateway/${door.apiName}`,
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RETAINED,
  });
  const { url } = new HttpStage(scope, 'Stage', {
    httpApi: http,
    stageName: '$default',
    autoDeploy: true,
    throttle: MOST_CALLS,
    detailedMetricsEnabled: true,
    // INVARIANT: whose call it was, the function's own log says.
    accessLogSettings: {
      destination: new LogGroupLogDestination(accessLog),
      format: AccessLogFormat.jsonWithStandardFields(),
    },
  });
  return { http, url };
}
