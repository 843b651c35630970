import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { REGION } from './place.ts';

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken: string; expiration: string };
type Claimed = { credentials?: Credentials };

/** Uses the session that the API handed over, as the AWS SDK does; without one there is nothing to use. */
export function makeSession(endpoint: string, claimed: unknown) {
  const { credentials } = claimed as Claimed;
  const client =
    credentials &&
    new DynamoDBClient({
      endpoint,
      region: REGION,
      credentials: { ...credentials, expiration: new Date(credentials.expiration) },
    });
  return {
    /** `works`, or the name of the error that AWS answered. */
    async try(run: (client: DynamoDBClient) => Promise<unknown>): Promise<string> {
      if (!client) return 'no session';
      try {
        await run(client);
        return 'works';
      } catch (error) {
        return error instanceof Error ? error.name : String(error);
      }
    },
    close: (): void => client?.destroy(),
  };
}
export type Session = ReturnType<typeof makeSession>;
