import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS, type MetricName } from '../../../lambdas/shared/domain/measurement.ts';

/** A metric that a function emits, as the function names and dimensions it. */
export const metricOf = (metricName: MetricName, statistic: 'Sum' | 'p50' | 'p99'): Metric =>
  new Metric({
    namespace: 'Postern',
    metricName,
    dimensionsMap: { service: `postern-${METRICS[metricName]}` },
    statistic,
    period: Duration.minutes(5),
  });
