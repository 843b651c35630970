import {
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { PROBLEMS } from '../../../lambdas/shared/http/problems.ts';
import type { FunctionName } from '../../all-functions.ts';
import { callsOf } from '../../api-calls.ts';
import { justify } from '../../justify.ts';
import { RETAINED } from '../../retained.ts';
import type { Settings } from '../../settings.ts';
import type { Functions } from '../functions/functions.ts';
import { admissionPolicy } from './api-admission.ts';

/** The calls of DESIGN §5, with the steps of their paths. */
const CALLS = callsOf(({ routes }) => routes).map((call) => ({
  ...call,
  steps: call.path.slice(1).split('/'),
}));

/** A refusal by API Gateway itself reads like one of the front door. */
const PROBLEM = JSON.stringify({
  type: 'urn:postern:problem:signature_refused',
  title: PROBLEMS.signature_refused.title,
  status: PROBLEMS.signature_refused.status,
  detail:
    'Sign the request with SigV4 for the service execute-api, with current credentials and a correct clock.',
  code: 'signature_refused',
});

type Props = { readonly functions: Functions; readonly settings: Settings };

/** A REST API with IAM auth, so that a resource policy can admit agents of other accounts. */
export class Api extends Construct {
  readonly rest: RestApi;

  constructor(scope: Construct, id: string, { functions, settings }: Props) {
    super(scope, id);
    this.rest = this.#makeApi(settings);
    const integrations = new Map<FunctionName, LambdaIntegration>();
    for (const { method, steps, signed, answeredBy } of CALLS) {
      const integration =
        integrations.get(answeredBy) ??
        new LambdaIntegration(functions.of(answeredBy), { allowTestInvoke: false });
      integrations.set(answeredBy, integration);
      const resource = steps.reduce<IResource>(
        (parent, step) => parent.getResource(step) ?? parent.addResource(step),
        this.rest.root,
      );
      const made = resource.addMethod(method, integration, {
        authorizationType: signed ? AuthorizationType.IAM : AuthorizationType.NONE,
      });
      justify(
        made,
        'AwsSolutions-COG4',
        'Callers sign with SigV4: they are AWS principals, not users of a pool.',
      );
      if (!signed)
        justify(
          made,
          'AwsSolutions-APIG4',
          'The API description and the health check say nothing private; Slack signs in a way of its own.',
        );
    }
    this.#refuseAsProblems();
    if (settings.webAclArn)
      new CfnWebACLAssociation(this, 'Waf', {
        webAclArn: settings.webAclArn,
        resourceArn: this.rest.deploymentStage.stageArn,
      });
  }

  #makeApi(settings: Settings): RestApi {
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: '/aws/apigateway/postern',
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RETAINED,
    });
    const { vpcEndpointId } = settings;
    const rest = new RestApi(this, 'Rest', {
      restApiName: 'postern',
      description: 'Postern: asks for access, and hands it over',
      endpointConfiguration: vpcEndpointId
        ? {
            types: [EndpointType.PRIVATE],
            vpcEndpoints: [
              InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(this, 'Endpoint', {
                vpcEndpointId,
                port: 443,
              }),
            ],
          }
        : { types: [EndpointType.REGIONAL] },
      policy: admissionPolicy({
        ...settings,
        unsigned: CALLS.filter(({ signed }) => !signed).map(({ method, path }) => `${method}${path}`),
      }),
      deployOptions: {
        stageName: 'api',
        throttlingRateLimit: 50,
        throttlingBurstLimit: 100,
        tracingEnabled: true,
        metricsEnabled: true,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
        loggingLevel: MethodLoggingLevel.ERROR,
        // INVARIANT: bodies hold credentials on their way out; they are never logged.
        dataTraceEnabled: false,
      },
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RETAINED,
    });
    justify(
      rest,
      'AwsSolutions-APIG2',
      'The front door checks every body and parameter, and answers with problems.',
    );
    justify(
      rest,
      'AwsSolutions-APIG3',
      'A web ACL costs extra and is the organisation’s own: webAclArn in deployment.json names it.',
    );
    justify(
      rest,
      `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]`,
      'The one policy that API Gateway’s account setting accepts; access logs need it.',
    );
    return rest;
  }

  #refuseAsProblems(): void {
    for (const [responseId, type] of [
      ['AccessDenied', ResponseType.ACCESS_DENIED],
      ['MissingToken', ResponseType.MISSING_AUTHENTICATION_TOKEN],
      ['BadSignature', ResponseType.INVALID_SIGNATURE],
      ['Expired', ResponseType.EXPIRED_TOKEN],
    ] as const) {
      this.rest.addGatewayResponse(responseId, {
        type,
        statusCode: '403',
        responseHeaders: { 'content-type': "'application/problem+json'" },
        templates: { 'application/json': PROBLEM },
      });
    }
  }
}
