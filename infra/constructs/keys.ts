import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** The customer-managed keys: tables and secrets, execution history, events and alarms, and the seal of grants. */
export class Keys extends Construct {
  readonly data: Key;
  readonly history: Key;
  /** Of the dead-letter queue and the alarm topic: the one key that other services write with. */
  readonly messages: Key;
  /** HMAC key that seals grants. It never leaves KMS. */
  readonly sealArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.data = this.#rotated('Data', 'Postern: tables and secrets');
    this.history = this.#rotated('History', 'Postern: execution history, readable by whom this key admits');
    this.messages = this.#rotated('Messages', 'Postern: undelivered events and alarms');
    // EventBridge sends no aws:SourceAccount to KMS for an encrypted topic, so no condition can ask for it.
    for (const service of ['cloudwatch.amazonaws.com', 'events.amazonaws.com'])
      this.messages.grantEncryptDecrypt(new ServicePrincipal(service));
    const seal = new CfnKey(this, 'Seal', {
      description: 'Postern: seals grants, so that nothing unsealed is ever minted',
      keySpec: 'HMAC_256',
      keyUsage: 'GENERATE_VERIFY_MAC',
      keyPolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: `arn:${Stack.of(this).partition}:iam::${Stack.of(this).account}:root` },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      },
    });
    seal.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.sealArn = seal.attrArn;
    new Alias(this, 'SealAlias', {
      aliasName: 'alias/postern-seal',
      targetKey: Key.fromKeyArn(this, 'SealKey', seal.attrArn),
    });
  }

  #rotated(id: string, description: string): Key {
    return new Key(this, id, { description, enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
  }
}
