import { defectsTo } from '../../console/chat/make-chat-app.ts';
import {
  documentClient,
  secretsClient,
  stsClient,
} from '../../lambdas/shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../lambdas/shared/adapters/runtime/environment.ts';
import { logger } from '../../lambdas/shared/adapters/runtime/logger.ts';
import { runStep } from '../../lambdas/shared/adapters/runtime/run-step.ts';
import { makeSecrets } from '../../lambdas/shared/adapters/runtime/secrets.ts';
import { readSubjectsInPrompts } from '../../lambdas/shared/domain/subjects/subjects-in-prompts.ts';
import { supportAgentOf } from '../chat/support-agent.ts';
import { makeAgentIdentity } from './agent-identity.ts';
import { makeAnswer } from './answer.ts';
import { makeChatsTable } from './chats-table.ts';
import { makeConnections } from './connections.ts';
import { connectionsClient } from './connections-client.ts';
import { modelOnAws } from './model-on-aws.ts';
import { makeSealedWork } from './sealed-work.ts';

/** Milliseconds for an answer, people's approval in it: less than the function may take. */
const MOST_MS = 150_000;

export const handler = runStep('chat-worker', () => {
  const clock = () => new Date();
  const region = requiredEnv('AWS_REGION');
  const secrets = makeSecrets({ client: secretsClient(), clock });
  return makeAnswer({
    open: makeSealedWork(() => secrets.read(requiredEnv('CHAT_WORK_SECRET_ID'))).open,
    chats: makeChatsTable({
      client: documentClient(),
      tableName: () => requiredEnv('CHATS_TABLE'),
      clock,
    }),
    connections: makeConnections(connectionsClient()),
    startAgent: supportAgentOf({
      api: requiredEnv('POSTERN_API').replace(/\/$/, ''),
      region,
      // Absent on AWS, where each service has its own.
      aws: process.env.AWS_ENDPOINT_URL,
      identity: makeAgentIdentity({
        sts: stsClient(),
        roleArn: () => requiredEnv('CHAT_AGENT_ROLE_ARN'),
        region,
        clock,
      }),
      customerInPrompts: readSubjectsInPrompts(process.env.SUBJECTS_IN_PROMPTS),
      model: () =>
        modelOnAws({
          name: process.env.CHAT_MODEL,
          baseURL: process.env.CHAT_MODEL_URL,
          apiKey: () => secrets.read(requiredEnv('CHAT_MODEL_SECRET_ID')),
        }),
    }),
    mostMs: MOST_MS,
    clock,
    log: (fields) => logger.info('a message was not answered', fields),
    onDefect: defectsTo((defect) => logger.error('an answer broke off', defect)),
  });
});
