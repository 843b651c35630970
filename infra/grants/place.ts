import { Stack } from 'aws-cdk-lib';
import type { Resources } from './grant.ts';

/** The account and partition that the catalog's ARNs are filled in with. */
export function place({ scope }: Pick<Resources, 'scope'>): Record<string, string> {
  const { account, partition } = Stack.of(scope);
  return { POSTERN_ACCOUNT_ID: account, POSTERN_PARTITION: partition };
}

/** Where messages link a request's execution to. Empty is the console of Step Functions; the sandbox has its own. */
export const stepFunctionsConsole = (): Record<string, string> => ({ CONSOLE_URL: '' });
