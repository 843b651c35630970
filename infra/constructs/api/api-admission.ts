import { AccountPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Settings } from '../../settings.ts';

/** `METHOD/path` of what anybody may call; they are answered without a signature. */
type Admission = Pick<Settings, 'allowedAccounts' | 'allowedOrganization' | 'vpcEndpointId'> & {
  readonly unsigned: readonly string[];
};

const invoke = { actions: ['execute-api:Invoke'] };

/**
 * The API's resource policy: whom of other accounts it admits. Principals of this account are not named: what
 * they may call is in their own identity policies.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export function admissionPolicy(admission: Admission): PolicyDocument {
  const { allowedAccounts, allowedOrganization, vpcEndpointId, unsigned } = admission;
  const everything = ['execute-api:/*'];
  const policy = new PolicyDocument({
    statements: [
      new PolicyStatement({
        ...invoke,
        principals: [new AnyPrincipal()],
        resources: unsigned.map((call) => `execute-api:/*/${call}`),
      }),
    ],
  });
  if (allowedAccounts.length > 0) {
    const principals = allowedAccounts.map((account) => new AccountPrincipal(account));
    policy.addStatements(new PolicyStatement({ ...invoke, principals, resources: everything }));
  }
  if (allowedOrganization) {
    policy.addStatements(
      new PolicyStatement({
        ...invoke,
        principals: [new AnyPrincipal()],
        resources: everything,
        conditions: { StringEquals: { 'aws:PrincipalOrgID': allowedOrganization } },
      }),
    );
  }
  if (vpcEndpointId) {
    policy.addStatements(
      new PolicyStatement({
        ...invoke,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        resources: everything,
        conditions: { StringNotEquals: { 'aws:SourceVpce': vpcEndpointId } },
      }),
    );
  }
  return policy;
}
