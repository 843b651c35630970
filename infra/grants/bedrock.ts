import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { invokedFor } from '../bedrock-model.ts';
import { allow } from './allow.ts';
import type { Grant, Resources } from './grant.ts';

/** Asks the reviewer at Bedrock, one model and no other. */
export function askBedrock({ scope, settings: { bedrockModel } }: Resources): Grant {
  if (bedrockModel === undefined) return { statements: [], variables: {} };
  const { partition, region, account, urlSuffix } = Stack.of(scope);
  const { direct, through } = invokedFor(bedrockModel, { partition, region, account });
  return {
    statements: [
      allow(['bedrock:InvokeModel'], direct),
      ...(through
        ? [
            new PolicyStatement({
              effect: Effect.ALLOW,
              actions: ['bedrock:InvokeModel'],
              resources: [through.model],
              conditions: { ArnEquals: { 'bedrock:InferenceProfileArn': through.profile } },
            }),
          ]
        : []),
    ],
    variables: {
      BEDROCK_MODEL: bedrockModel,
      BEDROCK_URL: `https://bedrock-runtime.${region}.${urlSuffix}`,
    },
    ...(through && {
      wildcards: [
        { arn: through.model, reason: 'An inference profile sends requests to regions of its geography.' },
      ],
    }),
  };
}
