// Within the broker's repository; elsewhere this is: import { brokerOf } from 'postern';
import { brokerOf } from '../../../clients/sdk/postern.ts';

type Task = { readonly taskToken: string; readonly execution: string; readonly reason: string };

/**
 * Asks for access and returns at once; the state goes on waiting until the broker ends its task. The execution's
 * name makes a repeat the same request, and hands over the repeat's own token.
 */
export async function handler({ taskToken, execution, reason }: Task): Promise<void> {
  await brokerOf({}).createRequest({ reason, callback: { taskToken } }, { idempotencyKey: execution });
}
