import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { type OpenAudit, openAudit } from '../../clients/audit/open-audit.ts';
import { type ApiCaller, makeApiCaller } from '../../demo/call-api.ts';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { STATE_MACHINE_NAME, TABLE_NAMES } from '../../infra/names.ts';
import { itemsIn } from '../../lambdas/shared/adapters/runtime/call-aws.ts';
import { makeApprovalsTable } from '../../lambdas/shared/adapters/tables/approvals-table.ts';
import { makeVersionsTable } from '../../lambdas/shared/adapters/tables/versions-table.ts';
import {
  type Policy,
  type Principal,
  policySchema,
  principalSchema,
} from '../../lambdas/shared/domain/principal.ts';
import { type RequestRow, requestRowSchema } from '../../lambdas/shared/domain/request-row.ts';
import type { Vote } from '../../lambdas/shared/domain/vote.ts';
import type { EdgeOptions } from '../sandbox-parts.ts';
import { newKey } from '../seed/demo-keys.ts';
import { executionArnOf } from '../states/arns.ts';
import type { Acquaintance } from './acquaintance.ts';
import type { HistoryEvent } from './read-progress.ts';

export type ExecutionSummary = {
  readonly status: string;
  readonly events: readonly HistoryEvent[];
};

const MAY_READ = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'], Resource: '*' },
  ],
};

/** What the console shows, read from the same tables and executions that the broker writes. It writes nothing. */
export function makeConsoleReader(
  { aws, states, template }: Pick<EdgeOptions, 'aws' | 'states' | 'template'>,
  apiUrl: () => string,
) {
  const key = newKey();
  aws.credentials.add({
    ...key,
    caller: {
      accountId: ACCOUNT_ID,
      arn: `arn:aws:iam::${ACCOUNT_ID}:user/console`,
      userId: 'AIDACONSOLE',
      accessKeyId: key.accessKeyId,
      identityPolicies: [MAY_READ],
      principalTags: {},
    },
  });
  const raw = new DynamoDBClient({ endpoint: aws.url, region: REGION, credentials: key });
  const client = DynamoDBDocumentClient.from(raw);
  const approvals = makeApprovalsTable({ client, tableName: TABLE_NAMES.approvals });
  const versions = makeVersionsTable({ client, tableName: TABLE_NAMES.versions });
  const machine = template.stateMachines.find(({ name }) => name === STATE_MACHINE_NAME);
  if (!machine) throw new Error(`the template has no state machine ${STATE_MACHINE_NAME}`);
  let met: Acquaintance | undefined;

  async function all<T>(TableName: string, parse: (item: unknown) => T): Promise<T[]> {
    const found: T[] = [];
    const pages = paginateScan({ client }, { TableName, ConsistentRead: true });
    for await (const item of itemsIn(TableName, pages)) found.push(parse(item));
    return found;
  }
  const itemOf = async (TableName: string, Key: Record<string, string>): Promise<unknown> =>
    (await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;

  return {
    definition: machine.definition,

    meet(acquaintance: Acquaintance): void {
      met = acquaintance;
    },
    /** Those whom the console can act as. */
    people: (): string[] => Object.keys(met?.principals ?? {}),
    /** Signs as one of them, as any client would; undefined for somebody else. */
    as(id: string): ApiCaller | undefined {
      const found = met && Object.hasOwn(met.principals, id) ? met.principals[id] : undefined;
      return found && makeApiCaller(apiUrl(), found);
    },

    /** Every request, newest first. */
    requests: async (): Promise<RequestRow[]> =>
      (await all(TABLE_NAMES.requests, (item) => requestRowSchema.parse(item))).sort((a, b) =>
        b.createdAt.localeCompare(a.createdAt),
      ),
    async request(requestId: string): Promise<RequestRow | undefined> {
      const item = await itemOf(TABLE_NAMES.requests, { requestId });
      return item === undefined ? undefined : requestRowSchema.parse(item);
    },
    votes: async ({ requestId, asked }: RequestRow): Promise<Vote[]> =>
      asked ? approvals.listVotes(requestId, asked.proposalDigest) : [],
    principals: async (): Promise<Principal[]> =>
      (await all(TABLE_NAMES.principals, (item) => principalSchema.parse(item))).sort((a, b) =>
        a.id.localeCompare(b.id),
      ),
    async policy(principalId: string): Promise<Policy | undefined> {
      const item = await itemOf(TABLE_NAMES.policies, { principalId });
      return item === undefined ? undefined : policySchema.parse(item);
    },

    /** Every version of a policy that there was, newest first. */
    policyVersions: (principalId: string) => versions.list({ kind: 'policy', target: principalId }),

    /** An execution and its history; undefined where there is none of that name. */
    async execution(requestId: string): Promise<ExecutionSummary | undefined> {
      const executionArn = executionArnOf(machine.arn, requestId);
      try {
        const { status } = (await states.handle({
          operation: 'DescribeExecution',
          input: { executionArn },
        })) as {
          status: string;
        };
        const { events } = (await states.handle({
          operation: 'GetExecutionHistory',
          input: { executionArn, maxResults: 1000 },
        })) as { events: HistoryEvent[] };
        return { status, events };
      } catch (error) {
        if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return undefined;
        throw error;
      }
    },

    /** Lends the audit log, opened as its reader's role; undefined before the seed has made it known. */
    async withAudit<T>(read: (opened: OpenAudit) => Promise<T>): Promise<T | undefined> {
      if (!met) return undefined;
      const { archiveUrl, region, credentials } = met.audit;
      const opened = await openAudit({
        archiveUrl,
        endpoint: aws.url,
        identity: { credentials: async () => credentials, region: async () => region },
      });
      try {
        return await read(opened);
      } finally {
        opened.close();
      }
    },

    close: (): void => raw.destroy(),
  };
}
export type ConsoleReader = ReturnType<typeof makeConsoleReader>;
