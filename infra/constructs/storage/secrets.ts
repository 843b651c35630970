import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { justify } from '../../justify.ts';
import { RETAINED } from '../../retained.ts';
import type { Settings } from '../../settings.ts';

/** Secrets whose values an operator puts in after the deployment; none is in the template. */
export class Secrets extends Construct {
  readonly openai: Secret;
  readonly slack: Secret;
  /** Where there are webhooks. */
  readonly webhooks: Secret | undefined;
  /** Where there is a console: made here, since nobody need know it. */
  readonly console: Secret | undefined;
  /** Where an identity provider writes people. */
  readonly scim: Secret | undefined;

  constructor(
    scope: Construct,
    id: string,
    { key: encryptionKey, settings }: { key: IKey; settings: Settings },
  ) {
    super(scope, id);
    const secret = (secretId: string, secretName: string, description: string) =>
      new Secret(this, secretId, {
        secretName,
        description,
        encryptionKey,
        removalPolicy: RETAINED,
      });
    justify(
      this,
      'AwsSolutions-SMG4',
      'Their issuers rotate them, not AWS; functions read a new value in five minutes.',
    );
    this.slack = secret(
      'Slack',
      'postern/slack',
      "The Slack app's secrets, as JSON: botToken, signingSecret, teamId",
    );
    this.openai = secret('OpenAi', 'postern/openai', "The reviewer's API key, as plain text");
    this.webhooks =
      settings.webhooks.length > 0
        ? secret('Webhooks', 'postern/webhooks', 'What webhooks are signed with, as JSON: a whsec_… by name')
        : undefined;
    this.console = settings.console
      ? new Secret(this, 'Console', {
          secretName: 'postern/console',
          description: 'What the cookies of the console are sealed with',
          encryptionKey,
          removalPolicy: RETAINED,
          generateSecretString: { passwordLength: 64, excludePunctuation: true },
        })
      : undefined;
    this.scim = settings.scim
      ? secret(
          'Scim',
          'postern/scim',
          'What the identity provider is known by: 32 characters or more, as plain text',
        )
      : undefined;
  }
}
