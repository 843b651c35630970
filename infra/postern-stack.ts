import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { readConfigFiles } from '../lambdas/shared/adapters/config/read-config.ts';
import { readIssuers } from '../lambdas/shared/adapters/config/read-issuers.ts';
import { planRoles } from '../lambdas/shared/domain/brokered/plan-roles.ts';
import type { CatalogResource } from '../lambdas/shared/domain/catalog/catalog.ts';
import { ConfigError } from '../lambdas/shared/domain/config-error.ts';
import type { Issuer, IssuersConfig } from '../lambdas/shared/domain/identity/issuers.ts';
import { catalogForTemplate, catalogParts, filledIn, IN_TEMPLATE } from './brokered/catalog-for.ts';
import { AnnounceStatus } from './constructs/announce-status.ts';
import { Api } from './constructs/api/api.ts';
import { ConsoleSite } from './constructs/api/console-site.ts';
import { OutsideApi } from './constructs/api/outside-api.ts';
import { ScimApi } from './constructs/api/scim-api.ts';
import { TokenApi } from './constructs/api/token-api.ts';
import { AuditReader } from './constructs/audit/audit-reader.ts';
import { DataEvents } from './constructs/audit/data-events.ts';
import { Restorer } from './constructs/audit/restorer.ts';
import { WatchBrokeredRole } from './constructs/audit/watch-brokered-role.ts';
import { BrokeredRoles } from './constructs/brokered-roles.ts';
import { DemoBank } from './constructs/demo/demo-bank.ts';
import { DemoCallers } from './constructs/demo/demo-callers.ts';
import { DemoChat } from './constructs/demo/demo-chat.ts';
import { type FunctionCode, Functions } from './constructs/functions/functions.ts';
import { GatewayTasks } from './constructs/gateway/gateway-tasks.ts';
import { GatewayWatch } from './constructs/gateway/gateway-watch.ts';
import { Alarms } from './constructs/observability/alarms.ts';
import { Board } from './constructs/observability/board.ts';
import { OutcomeMetrics } from './constructs/observability/outcome-metrics.ts';
import { Archive } from './constructs/storage/archive.ts';
import { Keys } from './constructs/storage/keys.ts';
import { OutgoingEvents } from './constructs/storage/outgoing-events.ts';
import { Queues } from './constructs/storage/queues.ts';
import { Secrets } from './constructs/storage/secrets.ts';
import { Tables } from './constructs/storage/tables.ts';
import { Workflow } from './constructs/workflow.ts';
import { ACCOUNTS_OUTPUT, REVOKE_MACHINE_NAME, STATE_MACHINE_NAME } from './names.ts';
import { type RecordedAccount, recordOf } from './recorded-accounts.ts';
import type { Settings } from './settings.ts';

/** Everything that Postern is on AWS. */
export class PosternStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    props: StackProps & {
      demo: boolean;
      settings: Settings;
      /** Whose tokens are taken; those of the configuration where absent. */
      issuers?: IssuersConfig;
      code?: FunctionCode;
      /** Accounts of earlier that may still have roles, in the form of the output. */
      leftAccounts?: readonly RecordedAccount[];
    },
  ) {
    // CloudFormation takes a template of a megabyte, which a catalog of hundreds would fill with white space.
    super(scope, id, { suppressTemplateIndentation: true, ...props });
    const keys = new Keys(this, 'Keys');
    const tables = new Tables(this, 'Tables', { key: keys.data });
    const secrets = new Secrets(this, 'Secrets', { key: keys.data, settings: props.settings });
    const queues = new Queues(this, 'Queues', { key: keys.messages });
    const outgoing = new OutgoingEvents(this, 'OutgoingEvents', {
      key: keys.messages,
      settings: props.settings,
    });
    if (props.demo) new DemoBank(this, 'DemoBank');
    const catalog = catalogForTemplate();
    const planned = planRoles(catalog, IN_TEMPLATE.accountId, catalogParts()).map((role) =>
      role.account === IN_TEMPLATE.accountId ? { ...role, account: this.account } : role,
    );
    const archive = new Archive(this, 'Archive', { key: keys.data, settings: props.settings });
    const resources = {
      keys,
      tables,
      secrets,
      queues,
      outgoing,
      archive,
      settings: props.settings,
      brokeredRoles: planned,
    };
    const functions = new Functions(this, 'Functions', {
      ...resources,
      ...(props.code && { code: props.code }),
    });
    const broker = functions.roleOf('assume-role');
    new BrokeredRoles(this, 'BrokeredRoles', {
      planned: planned.filter(({ account }) => account === this.account),
      brokerArn: broker.roleArn,
    });
    const workflow = new Workflow(this, 'Workflow', {
      name: STATE_MACHINE_NAME,
      functions,
      key: keys.history,
    });
    const revocation = new Workflow(this, 'RevokeWorkflow', {
      name: REVOKE_MACHINE_NAME,
      functions,
      key: keys.history,
    });
    const api = new Api(this, 'Api', { functions, settings: props.settings });
    const issuers = (props.issuers ?? readIssuers()).issuers.filter(({ signIn }) => signIn);
    const tokenApi =
      issuers.length > 0
        ? new TokenApi(this, 'TokenApi', { functions, settings: props.settings, issuers })
        : undefined;
    const { console: site } = props.settings;
    if (site) {
      const issuer = issuers.find(({ name }) => name === site.issuer);
      if (!issuer || !tokenApi)
        throw new ConfigError(
          'deployment.json',
          undefined,
          `console.issuer: issuers.json has no issuer ${site.issuer} to sign in with`,
        );
      // INVARIANT: what a browser's cookie holds becomes no keys, whoever gets hold of it.
      if (!issuer.consoleClients?.includes(site.clientId))
        throw new ConfigError(
          'issuers.json',
          undefined,
          `consoleClients of ${issuer.name}: name ${site.clientId}, which deployment.json has as console.clientId`,
        );
      const tokenApiUrl = `${tokenApi.url}${issuer.name}`;
      new ConsoleSite(this, 'ConsoleSite', {
        ...resources,
        issuer,
        tokenApiUrl,
        folder: props.code?.console.folder,
      });
    }
    if (props.settings.scim) new ScimApi(this, 'ScimApi', { functions, settings: props.settings });
    if (props.settings.facts) new OutsideApi(this, 'OutsideApi', { functions, settings: props.settings });
    if (props.demo) new DemoCallers(this, 'DemoCallers', { rest: api.rest });
    const { chat } = props.settings;
    if (chat) {
      if (!props.demo)
        throw new ConfigError(
          'deployment.json',
          undefined,
          'chat is part of the demo bank: deploy with --demo, or leave it out',
        );
      new DemoChat(this, 'DemoChat', {
        ...resources,
        chat,
        issuer: customersIssuer(props.issuers ?? readIssuers(), chat),
        rest: api.rest,
        folderOf: (name) => props.code?.[name].folder,
      });
    }
    new AuditReader(this, 'AuditReader', { tables, keys, archive });
    new Restorer(this, 'Restorer', { rejoin: functions.of('rejoin-archive') });
    const { bus } = new AnnounceStatus(this, 'AnnounceStatus', { requests: tables.requests, keys, queues });
    const metrics = new OutcomeMetrics(this, 'Outcomes', { log: workflow.log });
    const { topic: tell } = new Alarms(this, 'Alarms', {
      key: keys.messages,
      functions,
      workflow,
      revocation,
      metrics,
      queues,
      outgoing,
      settings: props.settings,
    });
    const brokeredWatch = new WatchBrokeredRole(this, 'WatchBrokeredRole', {
      broker,
      tell,
      undelivered: queues.undelivered,
    });
    functions.connect({
      tables,
      outgoing,
      settings: props.settings,
      requestsMachine: workflow.stateMachine,
      statusBus: bus,
      brokeredWatch,
    });
    if (props.settings.dataEvents) new DataEvents(this, 'DataEvents', { tables: tablesIn(catalog) });
    const { gatewayTasks, gateways: [known] = [] } = props.settings;
    if (gatewayTasks && known) {
      const gateway = new GatewayTasks(this, 'Gateway', {
        ...{ settings: gatewayTasks, roleArn: known.roleArn, tables, keys, archive, rest: api.rest },
      });
      new GatewayWatch(this, 'GatewayWatch', { gateway, tell });
      new CfnOutput(this, 'GatewayAddress', { value: gateway.balancer.attrDnsName });
    }
    new Board(this, 'Board', { api, functions, workflow, metrics });
    const recorded = recordOf(readConfigFiles().catalog, props.leftAccounts ?? []);
    if (recorded) new CfnOutput(this, ACCOUNTS_OUTPUT, { value: recorded });
    // A catalog entry for one of the broker's own tables names this as its `kmsKeyArn`.
    new CfnOutput(this, 'DataKeyArn', { value: keys.data.keyArn });
    new CfnOutput(this, 'ArchiveUrl', { value: archive.url });
    new CfnOutput(this, 'ApiUrl', { value: api.rest.url });
    new CfnOutput(this, 'StateMachineArn', { value: workflow.stateMachine.stateMachineArn });
  }
}

/** Whose customers sign in to the chat. Throws ConfigError where its client's tokens would speak for nobody. */
function customersIssuer(
  { issuers }: IssuersConfig,
  { issuer: name, clientId }: NonNullable<Settings['chat']>,
): Issuer {
  const issuer = issuers.find((listed) => listed.name === name);
  const { audiences = [], clients = [] } = issuer?.subjects ?? {};
  if (issuer && [...audiences, ...clients].includes(clientId)) return issuer;
  throw new ConfigError(
    'deployment.json',
    undefined,
    `chat: issuers.json has no issuer ${name} whose subjects are known by ${clientId}`,
  );
}

/** ARNs of the tables that a catalog lists, those of its indexes included. */
const tablesIn = (catalog: readonly CatalogResource[]): string[] => [
  ...new Set(
    catalog
      // A trail hears of no table of another account.
      .filter(({ account }) => account === undefined)
      .filter(({ kind }) => kind === 'dynamodb-table' || kind === 'dynamodb-index')
      .flatMap(({ arns }) => arns.map((arn) => filledIn(arn.replace(/\/index\/.*$/, '')))),
  ),
];
