import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** The states that a request ends in: the ASL's last states are named for the outcomes. */
const OUTCOMES = ['Issued', 'Applied', 'Denied', 'Expired', 'Cancelled', 'Failed'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** How many requests ended how, and how often a human was asked: counted from the workflow's log by state names. */
export class OutcomeMetrics extends Construct {
  readonly outcomes: ReadonlyMap<Outcome, Metric>;
  readonly asked: Metric;

  constructor(scope: Construct, id: string, { log }: { log: ILogGroup }) {
    super(scope, id);
    const count = (metricName: string, type: string, state: string) =>
      new MetricFilter(this, metricName, {
        logGroup: log,
        metricNamespace: 'Postern',
        metricName,
        metricValue: '1',
        filterPattern: FilterPattern.all(
          FilterPattern.stringValue('$.type', '=', type),
          FilterPattern.stringValue('$.details.name', '=', state),
        ),
      }).metric({ statistic: 'Sum' });
    this.outcomes = new Map(
      OUTCOMES.map((outcome) => [
        outcome,
        count(outcome, outcome === 'Failed' ? 'FailStateEntered' : 'SucceedStateEntered', outcome),
      ]),
    );
    this.asked = count('AskedForApproval', 'TaskStateEntered', 'RequestApproval');
  }

  of(outcome: Outcome): Metric {
    const metric = this.outcomes.get(outcome);
    if (!metric) throw new Error(`there is no outcome ${outcome}`);
    return metric;
  }
}
