import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { zodFunction } from 'openai/helpers/zod';
import * as z from 'zod';
// Within the broker's repository; elsewhere this is: import { … } from 'postern';
import {
  type CallerIdentity,
  PosternError,
  requestAccess,
  type SubjectToken,
  type WaitOptions,
} from '../../../clients/sdk/postern.ts';

const askSchema = z.object({
  reason: z.string().describe('The job in plain language: what for, for whom, on which data.'),
});
const runSchema = z.object({
  operation: z.enum(['GetItem', 'Query']),
  table: z.string(),
  userId: z.string().describe('The customer whose rows are read, as they are named to you.'),
});

/** The tools as the model is told of them. Neither takes credentials, and neither answers any. */
export const TOOLS = [
  zodFunction({
    name: 'request_aws_access',
    description: 'Asks the broker for access to do one job for the customer who is signed in.',
    parameters: askSchema,
  }),
  zodFunction({
    name: 'run_dynamodb_operation',
    description: 'Reads rows of one customer: one (GetItem) or all of them (Query).',
    parameters: runSchema,
  }),
];

/** What the tools need: who the agent is, and a fresh token of the customer it speaks with. */
export type ToolOptions = {
  readonly endpoint: string;
  readonly identity: CallerIdentity;
  readonly subjectToken: SubjectToken;
  readonly region: string;
  /** Of DynamoDB; the region's own where absent. */
  readonly awsEndpoint?: string | undefined;
  /** Told how a request for access goes, to show it to whoever watches; what it holds is no secret. */
  readonly onProgress?: WaitOptions['onProgress'];
  /** Ends the waiting: nobody is there any more to be answered. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Runs the model's tool calls. The session stays in this closure: the model is told whether there is one, and what
 * DynamoDB said. Whatever it asks for, the session reaches the rows of the customer whose token was given.
 */
export function makeTools(options: ToolOptions) {
  const { endpoint, identity, subjectToken, region, awsEndpoint, onProgress, signal } = options;
  const clientWith = (credentials: ToolOptions['identity']['credentials']) =>
    DynamoDBDocumentClient.from(
      new DynamoDBClient({ region, credentials, ...(awsEndpoint && { endpoint: awsEndpoint }) }),
    );
  // Until there is a session, the agent's own role, which may do nothing but ask.
  let database = clientWith(identity.credentials);

  async function ask({ reason }: z.infer<typeof askSchema>) {
    const access = await requestAccess({
      reason,
      endpoint,
      identity,
      subjectToken,
      timeout: 120_000,
      ...(onProgress && { onProgress }),
      signal,
    });
    database = clientWith(async () => access);
    return { status: 'granted', until: access.expiration };
  }

  async function run({ operation, table: TableName, userId }: z.infer<typeof runSchema>) {
    if (operation === 'GetItem') {
      const { Item } = await database.send(new GetCommand({ TableName, Key: { user_id: userId } }));
      return { items: Item ? [Item] : [] };
    }
    const { Items = [] } = await database.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'user_id = :id',
        ExpressionAttributeValues: { ':id': userId },
      }),
    );
    return { items: Items };
  }

  /** The answer to one tool call, as text for the model. Errors are answers too: it can act on them. */
  return async (name: string, args: string): Promise<string> => {
    try {
      if (name === 'request_aws_access') return JSON.stringify(await ask(askSchema.parse(JSON.parse(args))));
      if (name === 'run_dynamodb_operation')
        return JSON.stringify(await run(runSchema.parse(JSON.parse(args))));
      return JSON.stringify({ error: `there is no tool ${name}` });
    } catch (error) {
      return JSON.stringify(answerTo(error));
    }
  };
}
export type RunTool = ReturnType<typeof makeTools>;

function answerTo(error: unknown) {
  if (error instanceof PosternError) return { status: 'refused', code: error.code, detail: error.message };
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return { error: 'InvalidArguments', detail: error.message };
  return { error: error instanceof Error ? error.name : 'unknown' };
}
