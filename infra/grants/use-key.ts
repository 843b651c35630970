import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** Uses a key only by way of a service (`dynamodb`, `s3`, …) that encrypts with it, and never directly. */
export const useKeyThrough = (service: string, key: IKey, ...actions: string[]): PolicyStatement => {
  const { region, urlSuffix } = Stack.of(key);
  return new PolicyStatement({
    actions,
    resources: [key.keyArn],
    conditions: {
      StringEquals: { 'kms:ViaService': `${service}.${region}.${urlSuffix}` },
    },
  });
};
