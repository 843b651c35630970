import { AccountRootPrincipal, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { allow } from '../../grants/allow.ts';
import { RESTORER_ROLE } from '../../names.ts';

/**
 * The role of an operator who has restored tables, for whomever the account lets assume it: has the audit log joined to
 * its archive again. What the function writes it finds for itself; its caller gives it a time, a reason and names.
 */
export class Restorer extends Construct {
  constructor(scope: Construct, id: string, { rejoin }: { rejoin: IFunction }) {
    super(scope, id);
    new Role(this, 'Role', {
      roleName: RESTORER_ROLE,
      description: 'Postern: has the audit log joined to its archive again after tables were restored',
      assumedBy: new AccountRootPrincipal(),
      inlinePolicies: {
        invoke: new PolicyDocument({ statements: [allow(['lambda:InvokeFunction'], rejoin.functionArn)] }),
      },
    });
  }
}
