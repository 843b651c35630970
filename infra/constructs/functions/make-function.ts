import { Duration } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { allow } from '../../grants/allow.ts';
import { stateMachineArn } from '../../grants/arns.ts';
import type { Grant, Resources } from '../../grants/grant.ts';
import { justify, justifyWildcard } from '../../justify.ts';
import { RETAINED } from '../../retained.ts';
import { VERSION } from '../../version.ts';
import type { FunctionSpec } from './function-spec.ts';

/** A function and its role, as they are in the stack. */
export type MadeFunction = { readonly made: LambdaFunction; readonly role: Role };

/** X-Ray takes no resource: with the listing of streams, the only bare `*` of a function's role. */
const writeTraces = () => allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*');

/** Why a function without a dead-letter queue loses nothing. */
const NO_DEAD_LETTERS = {
  stream: 'What it fails on, its event source sends to postern-undelivered.',
  queue:
    'What it fails on stays in its queue, for as long as that keeps it, and then in its dead letters, if any.',
  state: 'Invoked and answered at once: its caller sees every failure.',
  operator: 'Invoked and answered at once: its caller sees every failure.',
  api: 'Invoked and answered at once: its caller sees every failure.',
} as const;

/** Makes a function, its role and its log. Without a folder of code it has none: the sandbox bundles its handler. */
export function makeFunction(
  scope: Construct,
  name: string,
  spec: FunctionSpec,
  resources: Resources,
  folder?: string,
): MadeFunction {
  const { entry, memoryMegabytes, timeoutSeconds, invokedBy } = spec;
  const functionName = `postern-${name}`;
  const grants = spec.grants(resources);
  const logGroup = new LogGroup(scope, `${name}-logs`, {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RETAINED,
  });
  const role = makeRole(scope, name, functionName, grants, logGroup);
  const reserved = spec.reservedConcurrency?.(resources.settings);
  const made = new LambdaFunction(scope, name, {
    functionName,
    // What a role may do is said by its grants and nowhere else: CDK's own do not widen it.
    role: role.withoutPolicyUpdates(),
    code: folder ? Code.fromAsset(folder) : Code.fromInline('// the sandbox bundles its handler'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: memoryMegabytes,
    timeout: Duration.seconds(timeoutSeconds),
    tracing: Tracing.ACTIVE,
    logGroup,
    environment: {
      ...Object.assign({}, ...grants.map(({ variables }) => variables)),
      ...spec.variables?.(resources),
      STATE_MACHINE_ARN: stateMachineArn(scope),
      POSTERN_CONFIG_DIR: 'config',
      POSTERN_VERSION: VERSION,
      NODE_OPTIONS: '--enable-source-maps',
    },
    ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
    ...(invokedBy === 'rule' && { deadLetterQueue: resources.queues.undelivered }),
  });
  if (invokedBy !== 'rule') justify(made, 'Serverless-LambdaDLQ', NO_DEAD_LETTERS[invokedBy]);
  const resource = made.node.defaultChild as CfnFunction;
  resource.addMetadata('postern:entry', entry);
  // The sandbox has the door for tokens whichever issuers are listed; on AWS it is there where one is.
  if (spec.tokenRoutes) resource.addMetadata('postern:token-routes', spec.tokenRoutes);
  return { made, role };
}

function makeRole(
  scope: Construct,
  name: string,
  roleName: string,
  grants: readonly Grant[],
  logGroup: ILogGroup,
): Role {
  const writeLogs = allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn);
  const role = new Role(scope, `${name}-role`, {
    roleName,
    description: `Postern: the function ${name}, and nothing else`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      permissions: new PolicyDocument({
        statements: [...grants.flatMap(({ statements }) => statements), writeLogs, writeTraces()],
      }),
    },
  });
  justifyWildcard(role, '*', 'X-Ray and the listing of streams take no resource.');
  justify(role, 'Serverless-LambdaStarPermissions', 'X-Ray and the listing of streams take no resource.');
  for (const { arn, reason } of grants.flatMap(({ wildcards = [] }) => wildcards))
    justifyWildcard(role, arn, reason);
  return role;
}
