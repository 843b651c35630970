/** Something that no program sees from where the agent runs: a command, and what it has to show. */
export type ByHand = { readonly box: string; readonly run: string; readonly shows: string };

/** The boxes of the checklist in docs/skills/postern/SKILL.md that `doctor` cannot tick, each with what does. */
export const BY_HAND: readonly ByHand[] = [
  {
    box: 'its own policy opens the broker and nothing else',
    run: 'postern iam prove --candidate <its policy> --reference <the base identity’s, of docs/examples/hosts>',
    shows: 'within',
  },
  {
    box: 'persons own it, and it acts for users only with their token',
    run: `aws dynamodb get-item --table-name users_table --key '{"id":{"S":"<agent>"}}' --query 'Item.[persons,subjectRequired]'`,
    shows: 'who owns it, and true where it works for signed-in users',
  },
  {
    box: 'CloudTrail and the audit log show for what',
    run: 'aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=AssumeRole --max-results 20; npm run audit -- show <request>',
    shows: 'sourceIdentity, the agent; the tag postern:request-id; and by that id the reason',
  },
  {
    box: 'somebody is told of failed assumes, and of those at odd hours',
    run: 'aws cloudwatch describe-alarms --alarm-name-prefix postern- --query MetricAlarms[].AlarmName; aws events list-rules --name-prefix postern-',
    shows:
      'postern-UnrecordedSessions, postern-IssueFailures; where no broker runs, postern-failed-assumes and postern-odd-hours',
  },
  {
    box: 'a session’s end was seen',
    run: `postern exec --reason '<a job of 900 seconds>' -- sh -c 'sleep 930; aws sts get-caller-identity'`,
    shows: 'ExpiredToken',
  },
];
