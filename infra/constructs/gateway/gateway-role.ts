import { Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow } from '../../grants/allow.ts';
import { useKeyThrough } from '../../grants/use-key.ts';
import { justifyWildcard } from '../../justify.ts';
import type { Archive } from '../storage/archive.ts';
import type { Keys } from '../storage/keys.ts';
import type { Tables } from '../storage/tables.ts';

type Props = {
  readonly roleName: string;
  readonly tables: Tables;
  readonly keys: Keys;
  readonly archive: Archive;
  readonly rest: RestApi;
  readonly vpcEndpointIds: readonly string[];
};

/** What a gateway calls of the broker's API. */
const ROUTES: readonly (readonly [method: string, path: string])[] = [
  ['POST', '/delegations'],
  ['POST', '/requests'],
  ['GET', '/requests/*'],
  ['POST', '/requests/*/credentials'],
  ['POST', '/calls'],
];

/** A table's items of which each call is remembered: the gateway's own, and nothing that functions keep there. */
const ownItems = (tableArn: string): PolicyStatement =>
  new PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    resources: [tableArn],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['gateway#*'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });

/** Keys of the role are worth nothing outside these endpoints; what AWS calls in its name is exempt. */
const nowhereElse = (vpcEndpointIds: readonly string[]): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.DENY,
    actions: ['*'],
    resources: ['*'],
    conditions: {
      StringNotEquals: { 'aws:SourceVpce': vpcEndpointIds },
      Bool: { 'aws:ViaAWSService': 'false' },
    },
  });

/** The role of the gateway's tasks: it asks, looks at who asks, verifies a seal and writes records. It may assume no role. */
export class GatewayRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const { roleName, tables, keys, archive, rest, vpcEndpointIds } = props;
    const stage = rest.deploymentStage.stageName;
    const routes = ROUTES.map(([method, path]) => rest.arnForExecuteApi(method, path, stage));
    const bodies = archive.bucket.arnForObjects('calls/*');
    this.role = new Role(this, 'Role', {
      roleName,
      description: 'Postern: the gateway, which asks the broker and makes the calls',
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: {
        gateway: new PolicyDocument({
          statements: [
            allow(['execute-api:Invoke'], ...routes),
            allow(['dynamodb:BatchGetItem'], tables.delegations.tableArn, tables.principals.tableArn),
            allow(['dynamodb:PutItem'], tables.calls.tableArn),
            ownItems(tables.once.tableArn),
            useKeyThrough('dynamodb', keys.data, 'kms:Decrypt'),
            allow(['kms:VerifyMac'], keys.sealArn),
            allow(['s3:PutObject'], bodies),
            useKeyThrough('s3', keys.data, 'kms:GenerateDataKey'),
            ...(vpcEndpointIds.length > 0 ? [nowhereElse(vpcEndpointIds)] : []),
          ],
        }),
      },
    });
    for (const arn of routes.filter((each) => each.includes('*')))
      justifyWildcard(this.role, arn, 'A request is known by its id, which is made as it is asked.');
    justifyWildcard(this.role, bodies, 'Bodies are kept by the ids of their calls.');
    if (vpcEndpointIds.length > 0) justifyWildcard(this.role, '*', 'It denies, and allows nothing.');
  }
}
