import { fileURLToPath } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  type CfnStateMachine,
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { FunctionName } from '../all-functions.ts';
import { justifyWildcard } from '../justify.ts';
import { REVOKE_MACHINE_NAME, STATE_MACHINE_NAME } from '../names.ts';
import { RETAINED } from '../retained.ts';
import type { Functions } from './functions/functions.ts';

const REPOSITORY = new URL('../../', import.meta.url);

/** The functions that the states of access-request invoke, by their folder. */
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

/** Those of revoke-session. */
const REVOKE_FUNCTIONS = ['revoke-session', 'lift-revocation'] as const;

/** Each state machine, and the functions that it may invoke. */
export const WORKFLOWS = {
  [STATE_MACHINE_NAME]: STATE_FUNCTIONS,
  [REVOKE_MACHINE_NAME]: REVOKE_FUNCTIONS,
} as const satisfies Record<string, readonly FunctionName[]>;

type Props = {
  readonly name: keyof typeof WORKFLOWS;
  readonly functions: Functions;
  readonly key: IKey;
};

const pascal = (name: string) =>
  name.replace(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase());

/** A workflow, from its one definition: `statemachines/<name>.asl.json`. */
export class Workflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, { name, functions, key }: Props) {
    super(scope, id);
    const definition = `statemachines/${name}.asl.json`;
    const invoked = WORKFLOWS[name].map((state) => [state, functions.of(state)] as const);
    const role = new Role(this, 'Role', {
      roleName: `postern-states-${name}`,
      description: `Postern: ${name} may invoke the functions of its states, and nothing else`,
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
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RETAINED,
    });
    this.stateMachine = new StateMachine(this, pascal(name), {
      stateMachineName: name,
      stateMachineType: StateMachineType.STANDARD,
      role,
      definitionBody: DefinitionBody.fromFile(fileURLToPath(new URL(definition, REPOSITORY))),
      definitionSubstitutions: {
        Partition: Stack.of(this).partition,
        ...Object.fromEntries(invoked.map(([state, fn]) => [`${pascal(state)}FunctionArn`, fn.functionArn])),
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
    (this.stateMachine.node.defaultChild as CfnStateMachine).addMetadata('postern:definition', definition);
    justifyWildcard(role, '*', 'Log delivery and X-Ray take no resource.');
  }
}
