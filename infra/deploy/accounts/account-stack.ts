import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { MEMBER_STACK } from '../../names.ts';
import type { ClientOptions } from '../aws-account.ts';
import type { Place } from '../find-place.ts';
import { emptyRole, isBrokeredRole } from './empty-role.ts';

/** What a change set would do to one resource. */
export type Change = { readonly action: string; readonly type: string; readonly name: string };

/** A change set that waits to be executed; none where nothing would change. */
export type Proposed = {
  readonly id: string;
  readonly changes: readonly Change[];
  /** Brokered roles that it removes, by their names. */
  readonly removedRoles?: readonly string[];
};

/** What is wrong in an account, in words. */
export class AccountFailed extends Error {
  override name = 'AccountFailed';
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'it failed';

/** Without changes CloudFormation makes a change set that failed, and says so in words alone. */
const NO_CHANGES = /didn't contain changes|No updates are to be performed/i;

type Options = ClientOptions & {
  /** Milliseconds between two looks at what CloudFormation does. */
  readonly pollMs?: number;
  /** Milliseconds after which it is not waited for any more. */
  readonly mostMs?: number;
};

export type OtherAccount = { readonly id: string; readonly deployRole: string };

/** Keys of the deploying role of another account. Throws AccountFailed where it cannot be assumed. */
export async function assumeDeployRole(
  { id, deployRole }: OtherAccount,
  { region }: Place,
  options: ClientOptions = {},
) {
  const RoleArn = `arn:${RegionInfo.get(region).partition ?? 'aws'}:iam::${id}:role/${deployRole}`;
  try {
    const { Credentials: keys } = await new STSClient({ region, ...options }).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'postern-deploy' }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = keys ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  } catch (error) {
    throw new AccountFailed(`${RoleArn} cannot be assumed (${messageOf(error)})`, { cause: error });
  }
}

/**
 * The stack of brokered roles in another account, by its deploying role, in the region of the broker. Throws AccountFailed
 * where the role cannot be assumed, and with CloudFormation's own words for what it refuses.
 */
export async function openAccountStack(account: OtherAccount, place: Place, options: Options = {}) {
  const { pollMs = 2_000, mostMs = 1_800_000, ...where } = options;
  const credentials = await assumeDeployRole(account, place, where);
  const client = new CloudFormationClient({ region: place.region, ...where, credentials });
  const iam = new IAMClient({ region: place.region, ...where, credentials });

  async function find(): Promise<Stack | undefined> {
    try {
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: MEMBER_STACK }));
      return Stacks[0];
    } catch (error) {
      // CloudFormation has no error of its own for a stack that is not there.
      if (/does not exist/.test(String(error))) return undefined;
      throw error;
    }
  }

  /** Looks until something is so; throws AccountFailed where it never is. */
  async function until<Answer>(look: () => Promise<Answer | undefined>): Promise<Answer> {
    const end = Date.now() + mostMs;
    while (Date.now() < end) {
      const answer = await look();
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    throw new AccountFailed('CloudFormation has not come to an end; look at the stack there');
  }

  /** The status that the stack comes to rest with; `gone` where there is none any more. */
  const atRest = () =>
    until(async () => {
      const stack = await find();
      if (!stack || stack.StackStatus === 'DELETE_COMPLETE') return { status: 'gone' };
      const { StackStatus: status = '', StackStatusReason: why } = stack;
      return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS' ? undefined : { status, why };
    });

  async function brokeredRoles(): Promise<string[]> {
    const names: string[] = [];
    for await (const page of paginateListStackResources({ client }, { StackName: MEMBER_STACK }))
      for (const { ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? [])
        if (isBrokeredRole(ResourceType, PhysicalResourceId)) names.push(PhysicalResourceId ?? '');
    return names;
  }

  async function remove(): Promise<boolean> {
    if (!(await find())) return false;
    for (const name of await brokeredRoles()) await emptyRole(iam, name);
    await client.send(new DeleteStackCommand({ StackName: MEMBER_STACK }));
    const { status, why } = await atRest();
    if (status !== 'gone') throw new AccountFailed(`the stack is ${status}${why ? ` (${why})` : ''}`);
    return true;
  }

  return {
    isThere: async (): Promise<boolean> => {
      const stack = await find();
      return stack !== undefined && stack.StackStatus !== 'REVIEW_IN_PROGRESS';
    },

    /** Has CloudFormation compare; what is proposed waits, and changes nothing. */
    async propose(template: string): Promise<Proposed | undefined> {
      const stack = await find();
      // Left of a first deployment that failed: it holds nothing, and cannot be updated.
      if (stack?.StackStatus === 'ROLLBACK_COMPLETE') await remove();
      const isNew =
        !stack || stack.StackStatus === 'ROLLBACK_COMPLETE' || stack.StackStatus === 'REVIEW_IN_PROGRESS';
      const { Id: id = '' } = await client.send(
        new CreateChangeSetCommand({
          StackName: MEMBER_STACK,
          ChangeSetName: `postern-${Date.now()}`,
          ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
          TemplateBody: template,
          Capabilities: ['CAPABILITY_NAMED_IAM'],
          Parameters: [
            { ParameterKey: 'BrokerAccount', ParameterValue: place.account },
            { ParameterKey: 'BrokerRegion', ParameterValue: place.region },
          ],
        }),
      );
      const described = await until(async () => {
        const found = await client.send(
          new DescribeChangeSetCommand({ StackName: MEMBER_STACK, ChangeSetName: id }),
        );
        return found.Status === 'CREATE_COMPLETE' || found.Status === 'FAILED' ? found : undefined;
      });
      if (described.Status === 'FAILED') {
        await client.send(new DeleteChangeSetCommand({ StackName: MEMBER_STACK, ChangeSetName: id }));
        if (NO_CHANGES.test(described.StatusReason ?? '')) return undefined;
        throw new AccountFailed(
          `CloudFormation refuses the template: ${described.StatusReason ?? 'no reason'}`,
        );
      }
      const changes = (described.Changes ?? []).map(({ ResourceChange: change }) => ({
        action: change?.Action ?? 'Modify',
        type: change?.ResourceType ?? '',
        name: change?.LogicalResourceId ?? '',
      }));
      const removedRoles = (described.Changes ?? []).flatMap(({ ResourceChange: change }) => {
        const { Action, ResourceType, PhysicalResourceId: name } = change ?? {};
        return Action === 'Remove' && name && isBrokeredRole(ResourceType, name) ? [name] : [];
      });
      return { id, changes, ...(removedRoles.length > 0 && { removedRoles }) };
    },

    async execute({ id, removedRoles = [] }: Proposed): Promise<void> {
      // By now the broker mints no session of them, whatever becomes of the stack.
      for (const name of removedRoles) await emptyRole(iam, name);
      await client.send(new ExecuteChangeSetCommand({ StackName: MEMBER_STACK, ChangeSetName: id }));
      const { status, why } = await atRest();
      if (status !== 'CREATE_COMPLETE' && status !== 'UPDATE_COMPLETE')
        throw new AccountFailed(`the stack is ${status}${why ? ` (${why})` : ''}`);
    },

    /** Takes back what was proposed. A stack that has nothing but that goes too. */
    async discard({ id }: Proposed): Promise<void> {
      await client.send(new DeleteChangeSetCommand({ StackName: MEMBER_STACK, ChangeSetName: id }));
      const stack = await find();
      if (stack?.StackStatus === 'REVIEW_IN_PROGRESS') await remove();
    },

    remove,
  };
}
export type AccountStack = Awaited<ReturnType<typeof openAccountStack>>;
