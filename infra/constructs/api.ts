import {
  AuthorizationType,
  type IResource,
  LambdaIntegration,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { PROBLEMS } from '../../lambdas/front-door/problems.ts';
import type { FunctionName } from '../function-entries.ts';
import type { Functions } from './functions.ts';

/** `[method, path, function, signed]`: the API of DESIGN §5. */
const ROUTES = [
  ['POST', 'requests', 'front-door', true],
  ['GET', 'requests', 'front-door', true],
  ['GET', 'requests/{id}', 'front-door', true],
  ['POST', 'requests/{id}/credentials', 'front-door', true],
  ['POST', 'requests/{id}/cancel', 'front-door', true],
  ['POST', 'changes', 'front-door', true],
  ['POST', 'credentials', 'front-door', true],
  ['GET', 'catalog', 'list-catalog', true],
  ['GET', 'openapi.json', 'front-door', false],
  ['GET', 'healthz', 'front-door', false],
] as const;

/** A refusal by API Gateway itself reads like one of the front door. */
const PROBLEM = JSON.stringify({
  type: 'urn:postern:problem:signature_refused',
  title: PROBLEMS.signature_refused.title,
  status: PROBLEMS.signature_refused.status,
  detail:
    'Sign the request with SigV4 for the service execute-api, with current credentials and a correct clock.',
  code: 'signature_refused',
});

/** A REST API with IAM auth, so that a resource policy can admit agents of other accounts. */
export class Api extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { functions }: { functions: Functions }) {
    super(scope, id);
    const api = new RestApi(this, 'Rest', {
      restApiName: 'postern',
      description: 'Postern: asks for access, and hands it over',
      deployOptions: { stageName: 'api', throttlingRateLimit: 50, throttlingBurstLimit: 100 },
      cloudWatchRole: false,
    });
    const integrations = new Map<string, LambdaIntegration>();
    const integrationOf = (name: FunctionName) => {
      const found =
        integrations.get(name) ?? new LambdaIntegration(functions.of(name), { allowTestInvoke: false });
      integrations.set(name, found);
      return found;
    };
    for (const [method, path, name, signed] of ROUTES) {
      const resource = path
        .split('/')
        .reduce<IResource>((parent, part) => parent.getResource(part) ?? parent.addResource(part), api.root);
      resource.addMethod(method, integrationOf(name), {
        authorizationType: signed ? AuthorizationType.IAM : AuthorizationType.NONE,
      });
    }
    for (const [responseId, type] of [
      ['AccessDenied', ResponseType.ACCESS_DENIED],
      ['MissingToken', ResponseType.MISSING_AUTHENTICATION_TOKEN],
      ['BadSignature', ResponseType.INVALID_SIGNATURE],
      ['Expired', ResponseType.EXPIRED_TOKEN],
    ] as const) {
      api.addGatewayResponse(responseId, {
        type,
        statusCode: '403',
        responseHeaders: { 'content-type': "'application/problem+json'" },
        templates: { 'application/json': PROBLEM },
      });
    }
    this.url = api.url;
  }
}
