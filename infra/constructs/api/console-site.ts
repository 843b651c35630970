import { CfnOutput, Stack } from 'aws-cdk-lib';
import { HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import type { Issuer } from '../../../lambdas/shared/domain/identity/issuers.ts';
import { consoleFunction } from '../../functions/console.ts';
import type { Resources } from '../../grants/grant.ts';
import { justify } from '../../justify.ts';
import { makeFunction } from '../functions/make-function.ts';
import { makeHttpDoor } from './make-http-door.ts';

type Props = Omit<Resources, 'scope'> & {
  /** Whose people sign in. */
  readonly issuer: Issuer;
  /** The door for that issuer's tokens. */
  readonly tokenApiUrl: string;
  /** Its bundle; absent where nothing is deployed. */
  readonly folder?: string | undefined;
};

/** The console: an HTTP API whose every call a function of its own answers, which knows who is there by a sealed cookie. */
export class ConsoleSite extends Construct {
  constructor(scope: Construct, id: string, { issuer, tokenApiUrl, folder, ...resources }: Props) {
    super(scope, id);
    const { made } = makeFunction(this, 'console', consoleFunction, { scope: this, ...resources }, folder);
    made.addEnvironment('TOKEN_API_URL', tokenApiUrl);
    made.addEnvironment('ISSUER', issuer.issuer);
    const { http, url } = makeHttpDoor(this, {
      apiName: 'postern-console',
      description: 'Postern: the console',
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
    new CfnOutput(Stack.of(this), 'ConsoleUrl', { value: url });
  }
}
