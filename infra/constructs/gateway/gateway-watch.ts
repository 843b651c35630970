import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { GatewayTasks } from './gateway-tasks.ts';

type Props = { readonly gateway: GatewayTasks; readonly tell: Topic };

const period = Duration.minutes(5);
const NAMESPACE = 'Postern';

/** What pages somebody about the gateway, and its dashboard. */
export class GatewayWatch extends Construct {
  readonly #tell: Topic;

  constructor(scope: Construct, id: string, { gateway, tell }: Props) {
    super(scope, id);
    this.#tell = tell;
    const { balancer, targets, log } = gateway;
    const ofTargets = (metricName: string, statistic: string) =>
      new Metric({
        ...{ namespace: 'AWS/NetworkELB', metricName, statistic, period },
        dimensionsMap: {
          LoadBalancer: balancer.attrLoadBalancerFullName,
          TargetGroup: targets.attrTargetGroupFullName,
        },
      });
    const ofBalancer = (metricName: string) =>
      new Metric({
        ...{ namespace: 'AWS/NetworkELB', metricName, statistic: 'Sum', period },
        dimensionsMap: { LoadBalancer: balancer.attrLoadBalancerFullName },
      });
    const ofService = (metricName: string) =>
      new Metric({
        ...{ namespace: 'AWS/ECS', metricName, statistic: 'Average', period },
        dimensionsMap: { ClusterName: 'postern-gateway', ServiceName: 'postern-gateway' },
      });
    const logged = (metricName: string, pattern: string) => {
      new MetricFilter(this, metricName, {
        logGroup: log,
        filterPattern: FilterPattern.literal(pattern),
        ...{ metricNamespace: NAMESPACE, metricName, metricValue: '1', defaultValue: 0 },
      });
      return new Metric({ namespace: NAMESPACE, metricName, statistic: 'Sum', period });
    };
    const [unhealthy, cpu] = [ofTargets('UnHealthyHostCount', 'Maximum'), ofService('CPUUtilization')];
    const lost = logged('GatewayRecordsLost', '{ $.lost = "*" }');
    const defects = logged('GatewayDefects', '{ $.defect = "*" }');
    this.#raise('GatewayUnhealthy', 'A task of the gateway does not answer', unhealthy);
    this.#raise('GatewayBusy', 'The gateway needs more tasks', cpu, 80);
    this.#raise('GatewayRecordsLost', 'What became of a call could not be recorded', lost);
    this.#raise('GatewayDefects', 'The gateway failed at a call of its own accord', defects);
    const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 12 });
    new Dashboard(this, 'Dashboard', {
      dashboardName: 'postern-gateway',
      widgets: [
        [
          graph(
            'Connections, and failed handshakes',
            ofBalancer('ActiveFlowCount'),
            ofBalancer('ClientTLSNegotiationErrorCount'),
          ),
          graph('Bytes', ofBalancer('ProcessedBytes')),
        ],
        [
          graph('Tasks that answer, and that do not', ofTargets('HealthyHostCount', 'Minimum'), unhealthy),
          graph('Processor and memory (%)', cpu, ofService('MemoryUtilization')),
        ],
        [graph('Records lost, and defects', lost, defects)],
      ],
    });
  }

  #raise(id: string, alarmDescription: string, metric: IMetric, threshold = 1): void {
    const alarm = new Alarm(this, `${id}Alarm`, {
      ...{ alarmName: `postern-${id}`, alarmDescription, metric, threshold, evaluationPeriods: 1 },
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.#tell));
  }
}
