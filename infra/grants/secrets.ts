import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { STEP_UP_PREFIX } from '../names.ts';
import { allow } from './allow.ts';
import { stepUpSecretArns } from './arns.ts';
import type { Grant, Resources } from './grant.ts';
import { useKeyThrough } from './use-key.ts';

/** Reading a secret takes its key too, through Secrets Manager alone. */
export const readSecret = ({ keys }: Resources, secret: Secret, variable: string): Grant => ({
  statements: [
    allow(['secretsmanager:GetSecretValue'], secret.secretArn),
    useKeyThrough('secretsmanager', keys.data, 'kms:Decrypt'),
  ],
  variables: { [variable]: secret.secretArn },
});

/** Reads the reviewer's API key. */
export const readReviewerSecret = (on: Resources): Grant =>
  readSecret(on, on.secrets.openai, 'OPENAI_SECRET_ID');

/** Reads the Slack app's secrets. */
export const readSlackSecret = (on: Resources): Grant => readSecret(on, on.secrets.slack, 'SLACK_SECRET_ID');

/** Reads what webhooks are signed with, where there are any. */
export const readWebhookSecrets = (on: Resources): Grant =>
  on.secrets.webhooks
    ? readSecret(on, on.secrets.webhooks, 'WEBHOOKS_SECRET_ID')
    : { statements: [], variables: {} };

/** Reads what the console's cookies are sealed with. */
export const readConsoleSecret = (on: Resources): Grant =>
  on.secrets.console
    ? readSecret(on, on.secrets.console, 'CONSOLE_SECRET_ID')
    : { statements: [], variables: {} };

/** Reads what the identity provider is known by, where there is one. */
export const readScimSecret = (on: Resources): Grant =>
  on.secrets.scim ? readSecret(on, on.secrets.scim, 'SCIM_SECRET_ID') : { statements: [], variables: {} };

/** Reads approvers' TOTP secrets, which checks their codes. */
export function readStepUpSecrets({ scope }: Resources): Grant {
  const arn = stepUpSecretArns(scope);
  return {
    statements: [allow(['secretsmanager:GetSecretValue'], arn)],
    variables: { STEP_UP_PREFIX },
    wildcards: [{ arn, reason: 'Each approver has a secret of their own.' }],
  };
}
