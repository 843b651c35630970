import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Api } from './constructs/api.ts';
import { BrokeredRole } from './constructs/brokered-role.ts';
import { CloseOnEvents } from './constructs/close-on-events.ts';
import { DemoBank } from './constructs/demo-bank.ts';
import { type FunctionCode, Functions } from './constructs/functions.ts';
import { Keys } from './constructs/keys.ts';
import { Queues } from './constructs/queues.ts';
import { Secrets } from './constructs/secrets.ts';
import { Tables } from './constructs/tables.ts';
import { Workflow } from './constructs/workflow.ts';
import type { Settings } from './settings.ts';

/** Everything that Postern is on AWS. */
export class PosternStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    props: StackProps & { demo: boolean; settings: Settings; code?: FunctionCode },
  ) {
    super(scope, id, props);
    const keys = new Keys(this, 'Keys');
    const tables = new Tables(this, 'Tables', { key: keys.data });
    const secrets = new Secrets(this, 'Secrets', { key: keys.data });
    const queues = new Queues(this, 'Queues', { key: keys.data });
    if (props.demo) new DemoBank(this, 'DemoBank', { key: keys.data });
    const functions = new Functions(this, 'Functions', {
      keys,
      tables,
      secrets,
      queues,
      settings: props.settings,
      ...(props.code && { code: props.code }),
    });
    new BrokeredRole(this, 'BrokeredRole', { assumedBy: functions.roleOf('assume-role') });
    const workflow = new Workflow(this, 'Workflow', { functions, key: keys.history });
    new CloseOnEvents(this, 'CloseOnEvents', {
      closeRequest: functions.of('close-request'),
      workflow,
      undelivered: queues.undelivered,
    });
    const api = new Api(this, 'Api', { functions, settings: props.settings });
    new CfnOutput(this, 'ApiUrl', { value: api.rest.url });
    new CfnOutput(this, 'StateMachineArn', { value: workflow.stateMachine.stateMachineArn });
  }
}
