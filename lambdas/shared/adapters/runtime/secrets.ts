import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { callAws } from './call-aws.ts';

/** How long a secret is kept in memory, so that a rotated one is picked up without a deployment. */
const KEEP_MS = 5 * 60 * 1000;

/** Reads secrets by name or ARN, each at most once in five minutes. */
export function makeSecrets(deps: { client: SecretsManagerClient; clock: () => Date }) {
  const cached = new Map<string, { value: string; until: number }>();
  return {
    /** A secret that there may not be, read anew each time. */
    async find(secretId: string): Promise<string | undefined> {
      return callAws('Secrets Manager', async () => {
        try {
          const answer = await deps.client.send(new GetSecretValueCommand({ SecretId: secretId }));
          return answer.SecretString;
        } catch (error) {
          if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
          throw error;
        }
      });
    },

    async read(secretId: string): Promise<string> {
      const now = deps.clock().getTime();
      const found = cached.get(secretId);
      if (found && found.until > now) return found.value;
      const { SecretString } = await callAws('Secrets Manager', () =>
        deps.client.send(new GetSecretValueCommand({ SecretId: secretId })),
      );
      if (!SecretString) throw new Error(`secret ${secretId} has no text value`);
      cached.set(secretId, { value: SecretString, until: now + KEEP_MS });
      return SecretString;
    },
  };
}
export type Secrets = ReturnType<typeof makeSecrets>;
