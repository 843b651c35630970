import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Measurement } from '../../domain/measurement.ts';

const metrics = new Metrics({
  namespace: 'Postern',
  serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'postern',
});

/** Emits figures as one log line in CloudWatch's embedded metric format: no call, no permission. */
export function emit(measurements: readonly Measurement[]): void {
  for (const { name, unit, value } of measurements) metrics.addMetric(name, unit, value);
  if (measurements.length > 0) metrics.publishStoredMetrics();
}
