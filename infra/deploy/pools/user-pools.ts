import {
  type AttributeType,
  type CognitoIdentityProviderClient,
  CreateUserPoolCommand,
  type CreateUserPoolRequest,
  paginateListUserPools,
} from '@aws-sdk/client-cognito-identity-provider';

export const subjectIn = (attributes: readonly AttributeType[] = []): string =>
  attributes.find(({ Name }) => Name === 'sub')?.Value ?? '';

/** The id of the pool of that name; it is made where there is none. People do not sign themselves up. */
export async function ensurePool(
  client: CognitoIdentityProviderClient,
  name: string,
  more: Partial<CreateUserPoolRequest> = {},
): Promise<string> {
  for await (const { UserPools = [] } of paginateListUserPools({ client }, { MaxResults: 60 })) {
    const found = UserPools.find((pool) => pool.Name === name);
    if (found?.Id) return found.Id;
  }
  const { UserPool } = await client.send(
    new CreateUserPoolCommand({
      PoolName: name,
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      DeletionProtection: 'ACTIVE',
      ...more,
    }),
  );
  return UserPool?.Id ?? '';
}
