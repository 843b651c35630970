import { deriveKeys } from '../../gateway/keys/derive-keys.ts';
import { parseSettings, type Settings } from '../../infra/settings.ts';

const { publicKey, recordKey } = deriveKeys(Buffer.alloc(32, 5));

/** Settings of a deployment that runs its gateway. */
export const withGatewayTasks = (more: object = {}): Settings =>
  parseSettings(
    JSON.stringify({
      gateways: [{ roleArn: 'arn:aws:iam::123456789012:role/postern-gateway', publicKey, recordKey }],
      gatewayTasks: {
        image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/postern-gateway@sha256:${'0'.repeat(64)}`,
        hostName: 'gateway.shop.example',
        certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1',
        seedSecretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:postern/gateway-AbC123',
        vpcId: 'vpc-0123456789abcdef0',
        subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
        allowedCidrs: ['10.0.0.0/8'],
        ...more,
      },
    }),
  );
