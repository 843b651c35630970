import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { functionNames } from '../../all-functions.ts';
import type { Api } from '../api/api.ts';
import type { Functions } from '../functions/functions.ts';
import type { Workflow } from '../workflow.ts';
import { metricOf } from './function-metrics.ts';
import type { OutcomeMetrics } from './outcome-metrics.ts';

type Props = {
  readonly api: Api;
  readonly functions: Functions;
  readonly workflow: Workflow;
  readonly metrics: OutcomeMetrics;
};

const period = Duration.minutes(5);
const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12 });

/** The dashboard: how requests end, how long they take, and what fails. */
export class Board extends Construct {
  constructor(scope: Construct, id: string, { api: { rest }, functions, workflow, metrics }: Props) {
    super(scope, id);
    const { stateMachine } = workflow;
    const all = functionNames.map((name) => functions.of(name));
    new Dashboard(this, 'Dashboard', {
      dashboardName: 'postern',
      widgets: [
        [
          graph('Requests by outcome', [...metrics.outcomes.values()]),
          graph('Started, and asked of a human', [stateMachine.metricStarted({ period }), metrics.asked]),
        ],
        [
          graph('Time from asking to the end (ms)', [
            stateMachine.metricTime({ period, statistic: 'p50' }),
            stateMachine.metricTime({ period, statistic: 'p99' }),
          ]),
          graph('API: calls, refusals, errors', [
            rest.metricCount({ period }),
            rest.metricClientError({ period }),
            rest.metricServerError({ period }),
          ]),
        ],
        [
          graph('Time to a decision, and of people in it (ms)', [
            metricOf('TimeToDecision', 'p50'),
            metricOf('TimeToDecision', 'p99'),
            metricOf('TimeWaitingForPeople', 'p50'),
            metricOf('TimeWaitingForPeople', 'p99'),
          ]),
          graph('Claims, escalations, and failures of Slack', [
            metricOf('Claims', 'Sum'),
            metricOf('Escalations', 'Sum'),
            metricOf('SlackFailures', 'Sum'),
          ]),
        ],
        [
          graph('Tokens of the reviewer', [
            metricOf('ReviewerInputTokens', 'Sum'),
            metricOf('ReviewerOutputTokens', 'Sum'),
          ]),
          graph('Failures of the reviewer, and reviews of no use', [
            metricOf('ReviewerFailures', 'Sum'),
            metricOf('ReviewsUnusable', 'Sum'),
          ]),
        ],
        [
          graph(
            'Time in each function (ms, p95)',
            all.map((made) => made.metricDuration({ period, statistic: 'p95' })),
          ),
          graph(
            'Errors of each function',
            all.map((made) => made.metricErrors({ period })),
          ),
        ],
      ],
    });
  }
}
