import { CfnOutput, Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { makeOpenDoor, type OpenDoorProps } from './make-open-door.ts';

/** An HTTP API for the organisation's identity provider, which brings a token of its own: SCIM has no other signature. */
export class ScimApi extends Construct {
  constructor(scope: Construct, id: string, props: OpenDoorProps) {
    super(scope, id);
    const url = makeOpenDoor(this, props, {
      setting: 'scim',
      apiName: 'postern-scim',
      description: 'Postern: takes users and groups from an identity provider',
      path: '/scim/{proxy+}',
      method: HttpMethod.ANY,
      answeredBy: 'scim',
      because: 'The function compares the bearer token before it does anything.',
    });
    new CfnOutput(Stack.of(this), 'ScimUrl', { value: `${url}scim/v2` });
  }
}
