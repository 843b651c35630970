import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DEMO_PRINCIPALS } from '../../../demo/principals.ts';
import { justifyWildcard } from '../../justify.ts';
import { demoCallerName } from '../../names.ts';

/** The demo bank's principals, as roles that may call the API and nothing else: whoever may assume one is that principal. */
export class DemoCallers extends Construct {
  constructor(scope: Construct, id: string, { rest }: { rest: RestApi }) {
    super(scope, id);
    for (const principal of DEMO_PRINCIPALS) {
      const role = new Role(this, principal, {
        roleName: demoCallerName(principal),
        description: `Postern: calls the API as the demo's ${principal}`,
        assumedBy: new AccountRootPrincipal(),
        inlinePolicies: {
          ask: new PolicyDocument({
            statements: [
              new PolicyStatement({ actions: ['execute-api:Invoke'], resources: [rest.arnForExecuteApi()] }),
            ],
          }),
        },
      });
      justifyWildcard(role, rest.arnForExecuteApi(), 'It may ask; what it is granted the broker decides.');
    }
  }
}
