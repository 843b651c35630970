import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Settings } from '../../settings.ts';
import type { Functions } from '../functions/functions.ts';
import type { OutgoingEvents } from '../storage/outgoing-events.ts';
import type { Queues } from '../storage/queues.ts';
import type { Workflow } from '../workflow.ts';
import { metricOf } from './function-metrics.ts';
import type { OutcomeMetrics } from './outcome-metrics.ts';

type Props = {
  readonly key: Key;
  readonly functions: Functions;
  readonly workflow: Workflow;
  readonly revocation: Workflow;
  readonly metrics: OutcomeMetrics;
  readonly queues: Queues;
  readonly outgoing: OutgoingEvents;
  readonly settings: Settings;
};

/** Denials in five minutes that are more than people mistyping: somebody tries the door. */
const MANY_DENIALS = 20;

/** What pages somebody, and the topic that does. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const { key, functions, workflow, revocation, metrics, queues, outgoing, settings } = props;
    this.topic = new Topic(this, 'Topic', { topicName: 'postern-alarms', masterKey: key, enforceSSL: true });
    this.topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
    if (settings.alarmEmail) this.topic.addSubscription(new EmailSubscription(settings.alarmEmail));

    const { stateMachine } = workflow;
    const period = Duration.minutes(5);
    const errorsOf = (name: Parameters<Functions['of']>[0]) => functions.of(name).metricErrors({ period });
    this.#raise(
      'FailedExecutions',
      'A request ended in a malfunction',
      stateMachine.metricFailed({ period }),
    );
    this.#raise(
      'TimedOutExecutions',
      'A request outlived the workflow',
      stateMachine.metricTimedOut({ period }),
    );
    this.#raise('ReviewerFailures', 'The reviewer does not answer', metricOf('ReviewerFailures', 'Sum'), 3);
    this.#raise('ReviewFailures', 'A review malfunctions', errorsOf('review-request'), 6);
    this.#raise('AuditWriteFailures', 'An audit record could not be written', errorsOf('write-log'));
    this.#raise('ArchiveFailures', 'An audit record could not be archived', errorsOf('archive-audit'));
    this.#raise(
      'AuditAlterations',
      'An audit record was changed, removed, forged, or differs from the archive',
      metricOf('AuditAlterations', 'Sum'),
    );
    this.#raise(
      'AuditRestorations',
      'Tables were restored to an earlier time, and the audit log joined to its archive again',
      metricOf('AuditRestorations', 'Sum'),
    );
    this.#raise(
      'HeadsFailures',
      'An audit chain was altered, or could not be signed',
      errorsOf('sign-heads'),
    );
    this.#raise('CloseFailures', 'A request could not be closed', errorsOf('close-request'));
    this.#raise('IssueFailures', 'A session could not be issued', errorsOf('assume-role'));
    this.#raise('RevokeFailures', 'A session could not be revoked at once', errorsOf('revoke-session'));
    this.#raise(
      'FailedRevocations',
      'A session was not revoked, or its denial not lifted',
      revocation.stateMachine.metricFailed({ period }),
    );
    this.#raise('ApprovalFailures', 'Approvers could not be asked', errorsOf('request-approval'));
    this.#raise(
      'UnrecordedSessions',
      'A brokered role was assumed, and the audit log does not know of it',
      metricOf('UnrecordedSessions', 'Sum'),
    );
    this.#raise('CallbackFailures', 'A waiting workflow could not be told', errorsOf('deliver-callback'));
    this.#raise(
      'CallbacksRefused',
      'A callback is of a state machine that is not on the list',
      metricOf('CallbacksRefused', 'Sum'),
    );
    if (outgoing.topic || outgoing.webhooks)
      this.#raise('EventFailures', 'Those outside could not be told', errorsOf('publish-events'));
    if (outgoing.webhooks)
      this.#raise(
        'WebhooksUndelivered',
        'A webhook could not be delivered, and waits in postern-webhooks-undelivered.fifo',
        outgoing.webhooks.undelivered.metricApproximateNumberOfMessagesVisible({ period }),
      );
    this.#raise('BreakGlassAsked', 'Somebody breaks the glass', metricOf('BreakGlassAsked', 'Sum'));
    this.#raise(
      'BreakGlassUnreviewed',
      'A break-glass session waits for its review',
      metricOf('BreakGlassUnreviewed', 'Sum'),
    );
    this.#raise(
      'AccessReviewsOverdue',
      'Items of an access review are overdue',
      metricOf('AccessReviewsOverdue', 'Sum'),
    );
    this.#raise('AccessReviewFailures', 'Access reviews cannot be run', errorsOf('run-access-reviews'));
    this.#raise('SlackFailures', 'Slack could not be reached', metricOf('SlackFailures', 'Sum'), 3);
    this.#raise('SlackAppFailures', "Approvers' clicks fail", errorsOf('slack-app'));
    this.#raise('MessageFailures', 'Messages in Slack are out of date', errorsOf('update-messages'));
    this.#raise('FrontDoorFailures', 'The API answers errors of its own', errorsOf('front-door'));
    this.#raise('ManyDenials', 'More denials than mistakes explain', metrics.of('Denied'), MANY_DENIALS);
    this.#raise(
      'Undelivered',
      'An event could not be handled, and waits in postern-undelivered',
      queues.undelivered.metricApproximateNumberOfMessagesVisible({ period }),
    );
  }

  /** Raises where a metric reaches a threshold in one of its periods. */
  #raise(id: string, alarmDescription: string, metric: IMetric, threshold = 1): void {
    const alarm = new Alarm(this, id, {
      alarmName: `postern-${id}`,
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}
