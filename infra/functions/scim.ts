import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { itemsWithKeys, tableKey } from '../grants/on-tables.ts';
import { readScimSecret } from '../grants/secrets.ts';

/**
 * Takes users and groups from an identity provider. It writes down what it is told, and can make nobody anything: whom
 * that makes a principal the templates say, which it can neither read nor write.
 */
export const scim: FunctionSpec = {
  entry: 'lambdas/scim/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 25,
  invokedBy: 'api',
  grants: (on) =>
    on.settings.scim
      ? [
          itemsWithKeys(on, 'directory', ['user', 'group', 'user_name'], 'GetItem', 'Query', 'PutItem'),
          itemsWithKeys(on, 'directory', ['user_name'], 'DeleteItem'),
          readScimSecret(on),
          tableKey(on),
        ]
      : [],
};
