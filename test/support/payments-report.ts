import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { makeApiCaller } from '../../demo/call-api.ts';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { TABLE_NAMES } from '../../infra/names.ts';
import { addPeople } from '../../lambdas/shared/adapters/tables/add-people.ts';
import { type Cloud, until } from './start-cloud.ts';
import { makeTokenCaller } from './token-caller.ts';

const ROLE_ARN = `arn:aws:iam::${ACCOUNT_ID}:role/payments-report`;
const MACHINE_ARN = `arn:aws:states:${REGION}:${ACCOUNT_ID}:stateMachine:payments-report`;

/** Registers the example's principal; answers what a test does with its workflow. */
export async function paymentsReportOf(cloud: Cloud) {
  const principal = {
    id: 'payments_report',
    type: 'agent' as const,
    status: 'active' as const,
    groups: ['analysts'],
    awsPrincipals: [ROLE_ARN],
    signIn: [{ issuer: `${cloud.urls.console}/issuer`, subject: 'payments_report' }],
    persons: ['ana'],
    subjectIssuers: [],
    subjectRequired: false,
    version: 1,
  };
  await addPeople({ client: cloud.database, tableNames: TABLE_NAMES }, [
    { principal, policy: 'May read operational metrics.' },
  ]);

  const historyOf = async (executionArn: string) => {
    const { events = [] } = await cloud.stepFunctions.send(new GetExecutionHistoryCommand({ executionArn }));
    return events;
  };

  return {
    /** Calls the API as the example's role. */
    call: makeApiCaller(cloud.urls.api, cloud.aws.credentials.issueForRole(ROLE_ARN, 'test')),

    /** The same with its token. */
    callWithToken: makeTokenCaller(cloud.urls.oidcApi, {
      tokenUrl: cloud.access.principals.analyst1?.tokenUrl?.replace('analyst1', 'payments_report') ?? '',
    }),

    async start(reason: string): Promise<string> {
      const input = JSON.stringify({ reason });
      const started = await cloud.stepFunctions.send(
        new StartExecutionCommand({ stateMachineArn: MACHINE_ARN, input }),
      );
      return started.executionArn ?? '';
    },

    historyOf,

    /** The token that the execution waits with. Only its own history holds it. */
    async tokenOf(executionArn: string): Promise<string> {
      const [scheduled] = (await historyOf(executionArn)).flatMap(
        ({ taskScheduledEventDetails }) => taskScheduledEventDetails?.parameters ?? [],
      );
      return JSON.parse(scheduled ?? '').Payload.taskToken;
    },

    /** What the execution ended with, once it has. */
    async endOf(executionArn: string): Promise<{ status: string; output: Record<string, unknown> }> {
      const { status = '', output = '{}' } = await until(
        () => cloud.stepFunctions.send(new DescribeExecutionCommand({ executionArn })),
        (described) => described.status !== 'RUNNING',
      );
      return { status, output: JSON.parse(output) };
    },
  };
}
export type PaymentsReport = Awaited<ReturnType<typeof paymentsReportOf>>;
