import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { allow } from '../grants/allow.ts';
import type { Grant, Resources } from '../grants/grant.ts';
import { tableKey } from '../grants/on-tables.ts';
import { readSecret } from '../grants/secrets.ts';
import { useKeyThrough } from '../grants/use-key.ts';

/** The handlers of the demo's chat, which are bundled with all others. */
export const CHAT_ENTRIES = {
  'chat-pages': { entry: 'demo/chat-on-aws/pages-handler.ts' },
  'chat-socket': { entry: 'demo/chat-on-aws/socket-handler.ts' },
  'chat-worker': { entry: 'demo/chat-on-aws/worker-handler.ts' },
} as const;

/** Seconds for an answer: less than a message is hidden for while it is answered. */
export const WORKER_SECONDS = 170;

/** What the chat's functions are told of and granted. */
export type ChatParts = {
  readonly publicUrl: string;
  readonly socketUrl: string;
  readonly connectionsUrl: string;
  /** The management of connections, by its verb. */
  readonly connectionsArn: (verb: 'POST' | 'DELETE') => string;
  readonly conversations: Table;
  readonly queue: Queue;
  readonly cookieSecret: Secret;
  readonly workSecret: Secret;
  readonly modelSecret: Secret | undefined;
  /** Who signs in, and by which client. */
  readonly issuer: string;
  /** Whose tokens are taken, as JSON. */
  readonly customers: string;
  /** The broker's API, and whose role asks there. */
  readonly api: string;
  readonly agentRoleArn: string;
};

/** Item actions on conversations, and what else begins so; `Null` is there as it is in grants/on-tables.ts. */
const onConversations = (
  { conversations }: ChatParts,
  keys: readonly string[],
  actions: readonly string[],
): Grant => ({
  statements: [
    new PolicyStatement({
      actions: actions.map((name) => `dynamodb:${name}`),
      resources: [conversations.tableArn],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    }),
  ],
  variables: { CHATS_TABLE: conversations.tableName },
});

const onConnections = (
  { connectionsArn, connectionsUrl }: ChatParts,
  ...verbs: ('POST' | 'DELETE')[]
): Grant => ({
  statements: [allow(['execute-api:ManageConnections'], ...verbs.map(connectionsArn))],
  variables: { CHAT_CONNECTIONS_URL: connectionsUrl },
  wildcards: verbs.map((verb) => ({
    arn: connectionsArn(verb),
    reason: 'API Gateway makes up the ids of connections; they are of this WebSocket alone.',
  })),
});

const onQueue = (
  { queue }: ChatParts,
  { keys }: Resources,
  actions: string[],
  ...keyActions: string[]
): Grant => ({
  statements: [allow(actions, queue.queueArn), useKeyThrough('sqs', keys.messages, ...keyActions)],
  variables: {},
});

/**
 * The chat's pages.
 * INVARIANT: it may log and read its cookies' key, and reaches neither conversations nor the agent.
 */
export const chatPagesFunction = (parts: ChatParts): FunctionSpec => ({
  ...CHAT_ENTRIES['chat-pages'],
  memoryMegabytes: 512,
  timeoutSeconds: 29,
  invokedBy: 'api',
  grants: (on) => [readSecret(on, parts.cookieSecret, 'CHAT_COOKIE_SECRET_ID')],
  variables: ({ settings: { chat } }) => ({
    CHAT_PUBLIC_URL: parts.publicUrl,
    CHAT_SOCKET_URL: parts.socketUrl,
    CHAT_ISSUER: parts.issuer,
    CHAT_CLIENT_ID: chat?.clientId ?? '',
    CHAT_SCOPE: chat?.scope ?? '',
    CHAT_MODEL: chat?.model?.name ?? '',
  }),
});

/** Receives messages, verifies whose they are, and has them answered. */
export const chatSocketFunction = (parts: ChatParts): FunctionSpec => ({
  ...CHAT_ENTRIES['chat-socket'],
  memoryMegabytes: 512,
  timeoutSeconds: 20,
  invokedBy: 'api',
  grants: (on) => [
    onConversations(parts, ['chat#*', 'rate#*'], ['GetItem', 'UpdateItem', 'DeleteItem']),
    tableKey(on),
    readSecret(on, parts.workSecret, 'CHAT_WORK_SECRET_ID'),
    onQueue(parts, on, ['sqs:SendMessage'], 'kms:Decrypt', 'kms:GenerateDataKey'),
    onConnections(parts, 'POST', 'DELETE'),
  ],
  variables: () => ({
    CHAT_PUBLIC_URL: parts.publicUrl,
    CHAT_CUSTOMERS: parts.customers,
    CHAT_QUEUE_URL: parts.queue.queueUrl,
  }),
});

/**
 * Answers messages.
 * INVARIANT: what a model chooses is signed with the agent's role or with what the broker granted, never with this one.
 */
export const chatWorkerFunction = (parts: ChatParts): FunctionSpec => ({
  ...CHAT_ENTRIES['chat-worker'],
  memoryMegabytes: 512,
  timeoutSeconds: WORKER_SECONDS,
  invokedBy: 'queue',
  grants: (on) => [
    onConversations(parts, ['chat#*'], ['GetItem', 'UpdateItem', 'DeleteItem']),
    tableKey(on),
    readSecret(on, parts.workSecret, 'CHAT_WORK_SECRET_ID'),
    ...(parts.modelSecret ? [readSecret(on, parts.modelSecret, 'CHAT_MODEL_SECRET_ID')] : []),
    onQueue(parts, on, ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], 'kms:Decrypt'),
    onConnections(parts, 'POST'),
    {
      statements: [allow(['sts:AssumeRole'], parts.agentRoleArn)],
      variables: { CHAT_AGENT_ROLE_ARN: parts.agentRoleArn },
    },
  ],
  variables: ({ settings: { chat, subjectsInPrompts } }) => ({
    POSTERN_API: parts.api,
    CHAT_MODEL: chat?.model?.name ?? '',
    CHAT_MODEL_URL: chat?.model?.baseUrl ?? '',
    ...(subjectsInPrompts === 'hidden' && { SUBJECTS_IN_PROMPTS: subjectsInPrompts }),
  }),
});
