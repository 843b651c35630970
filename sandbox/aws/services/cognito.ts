import { AwsError } from '../../../gateway/wire/aws-error.ts';
import { type NameOthers, needing, numberIn, type Operation, serviceOf, textIn } from '../operation.ts';
import type { AwsCall, AwsService } from '../types.ts';

/** A user of a pool, by the attributes that pools of every kind have. */
export type PoolUser = { readonly username: string; readonly attributes: Readonly<Record<string, string>> };
type StoredUser = PoolUser & { isEnabled: boolean; changedAt: number };

const FILTER = /^\s*"?([\w:]+)"?\s*(\^?=)\s*"([^"]*)"\s*$/;

/** Whether a user fits a filter as `email ^= "ada"`. Throws InvalidParameterException for what is none. */
function readFilter(filter: string): (user: StoredUser) => boolean {
  if (filter === '') return () => true;
  const [, name = '', operator, value = ''] = FILTER.exec(filter) ?? [];
  if (name === '') throw new AwsError('InvalidParameterException', 'Error while parsing filter.', 400);
  return ({ username, attributes, isEnabled }) => {
    const status: Record<string, string> = { username, status: isEnabled ? 'Enabled' : 'Disabled' };
    const said = { ...attributes, ...status }[name] ?? '';
    return operator === '=' ? said === value : said.startsWith(value);
  };
}

const attributesOf = ({ attributes }: StoredUser) =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));

/** Cognito's user pools, as far as the catalog names them, each with the same users. `arnStart` is `arn:…:userpool/`. */
export function createCognito(
  poolIds: readonly string[],
  users: readonly PoolUser[],
  arnStart: string,
  nameOthers: NameOthers,
): AwsService {
  const createdAt = Date.now() / 1000;
  const pools = new Map(
    poolIds.map((id) => [
      id,
      new Map(users.map((user) => [user.username, { ...user, isEnabled: true, changedAt: createdAt }])),
    ]),
  );

  function usersIn(call: AwsCall): Map<string, StoredUser> {
    const found = pools.get(textIn(call, 'UserPoolId'));
    if (found) return found;
    throw new AwsError(
      'ResourceNotFoundException',
      `User pool ${call.input.UserPoolId} does not exist.`,
      400,
    );
  }
  function userIn(call: AwsCall): StoredUser {
    const user = usersIn(call).get(textIn(call, 'Username'));
    if (user) return user;
    throw new AwsError('UserNotFoundException', 'User does not exist.', 400);
  }
  const operation = (name: string, run: (call: AwsCall) => unknown): Operation => ({
    needs: needing(`cognito-idp:${name}`, (call) => `${arnStart}${textIn(call, 'UserPoolId')}`),
    run,
  });
  const timesOf = ({ changedAt, isEnabled }: StoredUser) => ({
    UserCreateDate: createdAt,
    UserLastModifiedDate: changedAt,
    Enabled: isEnabled,
    UserStatus: 'CONFIRMED',
  });
  const enabling = (isEnabled: boolean) => (call: AwsCall) => {
    Object.assign(userIn(call), { isEnabled, changedAt: Date.now() / 1000 });
    return {};
  };

  function listUsers(call: AwsCall) {
    const fits = readFilter(String(call.input.Filter ?? ''));
    const limit = numberIn(call, 'Limit', { least: 0, most: 60, otherwise: 60 });
    const found = [...usersIn(call).values()].filter(fits).slice(0, limit);
    return {
      Users: found.map((user) => ({
        Username: user.username,
        Attributes: attributesOf(user),
        ...timesOf(user),
      })),
    };
  }

  return serviceOf(
    'cognito-idp',
    {
      ListUserPools: {
        needs: needing('cognito-idp:ListUserPools', () => '*'),
        run: () => ({ UserPools: poolIds.map((Id) => ({ Id, Name: Id })) }),
      },
      DescribeUserPool: operation('DescribeUserPool', (call) => {
        const { size } = usersIn(call);
        const Id = textIn(call, 'UserPoolId');
        return { UserPool: { Id, Name: Id, Arn: `${arnStart}${Id}`, EstimatedNumberOfUsers: size } };
      }),
      ListUsers: operation('ListUsers', listUsers),
      AdminGetUser: operation('AdminGetUser', (call) => {
        const user = userIn(call);
        return { Username: user.username, UserAttributes: attributesOf(user), ...timesOf(user) };
      }),
      AdminDisableUser: operation('AdminDisableUser', enabling(false)),
      AdminEnableUser: operation('AdminEnableUser', enabling(true)),
    },
    nameOthers,
  );
}
