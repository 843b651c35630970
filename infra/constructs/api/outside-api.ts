import { CfnOutput, Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { makeOpenDoor, type OpenDoorProps } from './make-open-door.ts';

/** An HTTP API for sources outside, whose facts are signed: who sends one does not matter. */
export class OutsideApi extends Construct {
  constructor(scope: Construct, id: string, props: OpenDoorProps) {
    super(scope, id);
    const url = makeOpenDoor(this, props, {
      setting: 'facts',
      apiName: 'postern-facts',
      description: 'Postern: takes facts that sources outside have signed',
      path: '/outside/facts',
      method: HttpMethod.POST,
      answeredBy: 'take-fact',
      because: 'The function verifies the signature of the fact before it does anything.',
    });
    new CfnOutput(Stack.of(this), 'FactsUrl', { value: `${url}outside` });
  }
}
