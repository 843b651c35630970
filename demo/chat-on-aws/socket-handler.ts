import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { makeSubjectTokens } from '../../lambdas/shared/adapters/identity/subject-tokens.ts';
import {
  documentClient,
  secretsClient,
  sqsClient,
} from '../../lambdas/shared/adapters/runtime/aws-clients.ts';
import { callAws } from '../../lambdas/shared/adapters/runtime/call-aws.ts';
import { requiredEnv } from '../../lambdas/shared/adapters/runtime/environment.ts';
import { logger } from '../../lambdas/shared/adapters/runtime/logger.ts';
import { runStep } from '../../lambdas/shared/adapters/runtime/run-step.ts';
import { makeSecrets } from '../../lambdas/shared/adapters/runtime/secrets.ts';
import { subjectIssuersSchema } from '../../lambdas/shared/domain/identity/subject-issuers.ts';
import { makeChatsTable } from './chats-table.ts';
import { makeConnections } from './connections.ts';
import { connectionsClient } from './connections-client.ts';
import { makeReceive } from './receive.ts';
import { makeSealedWork } from './sealed-work.ts';

/** Whose tokens the chat takes: one issuer's, for these audiences and clients. */
const customersOf = (text: string) => subjectIssuersSchema.length(1).parse(JSON.parse(text));

export const handler = runStep('chat-socket', () => {
  const clock = () => new Date();
  const customers = customersOf(requiredEnv('CHAT_CUSTOMERS'));
  const tokens = makeSubjectTokens({ clock });
  const secrets = makeSecrets({ client: secretsClient(), clock });
  const sealed = makeSealedWork(() => secrets.read(requiredEnv('CHAT_WORK_SECRET_ID')));
  return makeReceive({
    origin: () => new URL(requiredEnv('CHAT_PUBLIC_URL')).origin,
    verify: (token) => tokens.verify(token, customers),
    chats: makeChatsTable({
      client: documentClient(),
      tableName: () => requiredEnv('CHATS_TABLE'),
      clock,
    }),
    async begin(work) {
      const MessageBody = await sealed.seal(work);
      await callAws('SQS', () =>
        sqsClient().send(
          new SendMessageCommand({
            QueueUrl: requiredEnv('CHAT_QUEUE_URL'),
            MessageBody,
            MessageGroupId: work.connectionId,
            MessageDeduplicationId: work.run,
          }),
        ),
      );
    },
    connections: makeConnections(connectionsClient()),
    clock,
    warn: (fields) => logger.warn('a message was not taken', fields),
  });
});
