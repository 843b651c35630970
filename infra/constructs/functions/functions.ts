import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { FUNCTION_ENTRIES, type FunctionName, functionNames } from '../function-entries.ts';
import { justify } from '../justify.ts';
import { stateMachineArn } from './arns.ts';
import type { Resources } from './function-grants.ts';
import { grantsOf } from './function-permissions.ts';

/** Folders of bundled code by function. Absent where the sandbox bundles them for itself. */
export type FunctionCode = Readonly<Record<FunctionName, { readonly folder: string }>>;

/** Seconds. Each ends before the state, or the API, that waits for it gives up. */
const TIMEOUTS: Partial<Record<FunctionName, number>> = {
  'review-request': 60,
  'front-door': 29,
  'assume-role': 25,
  'close-request': 60,
  'revoke-session': 50,
  'lift-revocation': 25,
  'update-messages': 60,
  'sign-heads': 300,
  'tell-suspension': 30,
  'deliver-callback': 30,
};

/** Invoked by rules, which nobody waits for: what they fail on is kept. */
const CALLED_BY_EVENTS: readonly FunctionName[] = [
  'check-session',
  'close-request',
  'deliver-callback',
  'sign-heads',
];

/** X-Ray takes no resource: the only wildcard of a function's role. */
const WRITE_TRACES = new PolicyStatement({
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  resources: ['*'],
});

const ARCHIVE_FINDING = 'AwsSolutions-IAM5[Resource::<ArchiveBucket49F1AC64.Arn>/*]';
const STEP_UP_FINDING =
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:postern/step-up/*]';
const HEADS_FINDING = 'AwsSolutions-IAM5[Resource::<ArchiveBucket49F1AC64.Arn>/heads/*]';
const EXECUTIONS_FINDING =
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:access-request:*]';

/** Invoked by event source mappings, which handle what fails. */
const BY_STREAM: ReadonlySet<FunctionName> = new Set(['archive-audit', 'update-messages', 'tell-suspension']);

type Props = Resources & { readonly code?: FunctionCode };

/** All functions, each with a role of its own. */
export class Functions extends Construct {
  readonly #functions: ReadonlyMap<string, LambdaFunction>;
  readonly #roles = new Map<string, Role>();

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    this.#functions = new Map(functionNames.map((name) => [name, this.#make(name, props)]));
  }

  of(name: FunctionName): LambdaFunction {
    return found(this.#functions, name);
  }

  roleOf(name: FunctionName): Role {
    return found(this.#roles, name);
  }

  #make(name: FunctionName, { code, ...resources }: Props): LambdaFunction {
    const { statements, env } = grantsOf(this, resources)[name];
    const functionName = `postern-${name}`;
    const logGroup = new LogGroup(this, `${name}-logs`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const writeLogs = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    const role = new Role(this, `${name}-role`, {
      roleName: functionName,
      description: `Postern: the function ${name}, and nothing else`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        permissions: new PolicyDocument({ statements: [...statements, writeLogs, WRITE_TRACES] }),
      },
    });
    justify(role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray and the listing of streams take no resource.');
    justify(role, 'Serverless-LambdaStarPermissions', 'X-Ray and the listing of streams take no resource.');
    if (name === 'sign-heads') justify(role, HEADS_FINDING, 'Signed heads are numbered as they are made.');
    if (name === 'archive-audit')
      justify(role, ARCHIVE_FINDING, 'An object of the archive is named by its record.');
    if (name === 'slack-app') justify(role, STEP_UP_FINDING, 'Each approver has a secret of their own.');
    justify(role, EXECUTIONS_FINDING, 'Executions are named when they start.');
    this.#roles.set(name, role);
    const made = new LambdaFunction(this, name, {
      functionName,
      // What a role may do is written above and nowhere else: CDK's own grants do not widen it.
      role: role.withoutPolicyUpdates(),
      code: code ? Code.fromAsset(code[name].folder) : Code.fromInline('// the sandbox bundles its handler'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(TIMEOUTS[name] ?? 10),
      tracing: Tracing.ACTIVE,
      logGroup,
      environment: {
        ...env,
        STATE_MACHINE_ARN: stateMachineArn(this),
        POSTERN_CONFIG_DIR: 'config',
        NODE_OPTIONS: '--enable-source-maps',
      },
      ...(name === 'front-door' && {
        reservedConcurrentExecutions: resources.settings.frontDoorConcurrency,
      }),
      ...(CALLED_BY_EVENTS.includes(name) && { deadLetterQueue: resources.queues.undelivered }),
    });
    if (BY_STREAM.has(name))
      justify(
        made,
        'Serverless-LambdaDLQ',
        'What it fails on, its event source sends to postern-undelivered.',
      );
    else if (!CALLED_BY_EVENTS.includes(name))
      justify(made, 'Serverless-LambdaDLQ', 'Invoked and answered at once: its caller sees every failure.');
    (made.node.defaultChild as CfnFunction).addMetadata('postern:entry', FUNCTION_ENTRIES[name]);
    return made;
  }
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`there is no function ${name}`);
  return value;
}
