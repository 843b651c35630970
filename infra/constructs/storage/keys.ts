import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnKey, type CfnKeyProps, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { RETAINED } from '../../retained.ts';

/** The customer-managed keys: tables and secrets, execution history, events and alarms, the seal of grants, the audit log. */
export class Keys extends Construct {
  readonly data: Key;
  readonly history: Key;
  /** Of the dead-letter queue and the alarm topic: the one key that other services write with. */
  readonly messages: Key;
  /** HMAC key that seals grants. It never leaves KMS. */
  readonly sealArn: string;
  /** HMAC key of audit records: only functions that append may make a MAC with it. */
  readonly auditArn: string;
  /** Signs the heads of the audit chains. Its public half is anybody's. */
  readonly headsArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.data = this.#rotated('Data', 'Postern: tables and secrets');
    this.history = this.#rotated('History', 'Postern: execution history, readable by whom this key admits');
    this.messages = this.#rotated('Messages', 'Postern: undelivered events and alarms');
    // EventBridge sends no aws:SourceAccount to KMS for an encrypted topic, so no condition can ask for it.
    for (const service of ['cloudwatch.amazonaws.com', 'events.amazonaws.com'])
      this.messages.grantEncryptDecrypt(new ServicePrincipal(service));
    this.sealArn = this.#unrotated('Seal', {
      description: 'Postern: seals grants, so that nothing unsealed is ever minted',
      keySpec: 'HMAC_256',
      keyUsage: 'GENERATE_VERIFY_MAC',
    });
    this.auditArn = this.#unrotated('AuditRecords', {
      description: 'Postern: marks audit records as the broker’s own',
      keySpec: 'HMAC_256',
      keyUsage: 'GENERATE_VERIFY_MAC',
    });
    this.headsArn = this.#unrotated('AuditHeads', {
      description: 'Postern: signs the heads of the audit chains',
      keySpec: 'ECC_NIST_P256',
      keyUsage: 'SIGN_VERIFY',
    });
  }

  /** A key of a kind that KMS does not rotate, with an alias of its name; its use is left to identity policies. */
  #unrotated(id: string, props: Omit<CfnKeyProps, 'keyPolicy'>): string {
    const key = new CfnKey(this, id, {
      ...props,
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
    key.applyRemovalPolicy(RETAINED);
    new Alias(this, `${id}Alias`, {
      aliasName: `alias/postern-${id.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()}`,
      targetKey: Key.fromKeyArn(this, `${id}Key`, key.attrArn),
    });
    return key.attrArn;
  }

  #rotated(id: string, description: string): Key {
    return new Key(this, id, { description, enableKeyRotation: true, removalPolicy: RETAINED });
  }
}
