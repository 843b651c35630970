import { fileURLToPath } from 'node:url';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { justify } from '../justify.ts';
import type { Functions } from './functions.ts';
import { STATE_MACHINE_NAME } from './names.ts';

const DEFINITION = fileURLToPath(new URL('../../statemachines/access-request.asl.json', import.meta.url));

/** The functions that the workflow's states invoke, by their folder. */
export const STATE_FUNCTIONS = [
  'load-policy',
  'review-request',
  'validate-decision',
  'request-approval',
  'tally-votes',
  'await-claim',
  'assume-role',
  'apply-change',
  'write-log',
] as const;

const pascal = (name: string) =>
  name.replace(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase());

/** The workflow, from its one definition. */
export class Workflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, { functions, key }: { functions: Functions; key: IKey }) {
    super(scope, id);
    const invoked = STATE_FUNCTIONS.map((name) => [name, functions.of(name)] as const);
    const role = new Role(this, 'Role', {
      description: 'Postern: the workflow may invoke the functions of its states, and nothing else',
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: {
        states: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['lambda:InvokeFunction'],
              resources: invoked.map(([, fn]) => fn.functionArn),
            }),
          ],
        }),
      },
    });
    this.log = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/vendedlogs/states/${STATE_MACHINE_NAME}`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.stateMachine = new StateMachine(this, 'AccessRequest', {
      stateMachineName: STATE_MACHINE_NAME,
      stateMachineType: StateMachineType.STANDARD,
      role,
      definitionBody: DefinitionBody.fromFile(DEFINITION),
      definitionSubstitutions: {
        Partition: Stack.of(this).partition,
        ...Object.fromEntries(invoked.map(([name, fn]) => [`${pascal(name)}FunctionArn`, fn.functionArn])),
      },
      encryptionConfiguration: new CustomerManagedEncryptionConfiguration(key),
      logs: {
        destination: this.log,
        level: LogLevel.ALL,
        // History holds reasons and session policies; the log does not repeat them.
        includeExecutionData: false,
      },
      tracingEnabled: true,
    });
    justify(role, 'AwsSolutions-IAM5[Resource::*]', 'Log delivery and X-Ray take no resource.');
  }
}
