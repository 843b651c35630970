import { Stack } from 'aws-cdk-lib';
import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { readConsoleSecret } from '../grants/secrets.ts';

/**
 * Serves the console where the settings ask for it: see constructs/api/console-site.ts.
 * INVARIANT: it may log and read its cookies' key. All else it does with the token of whoever is signed in.
 */
export const consoleFunction: FunctionSpec = {
  entry: 'console/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 29,
  invokedBy: 'api',
  grants: (on) => [readConsoleSecret(on)],
  variables: (on) => ({
    CLIENT_ID: on.settings.console?.clientId ?? '',
    SCOPE: on.settings.console?.scope ?? '',
    CONSOLE_PUBLIC_URL: on.settings.console?.url ?? '',
    POSTERN_PARTITION: Stack.of(on.scope).partition,
  }),
};
