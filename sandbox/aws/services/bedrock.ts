import { AwsError } from '../../../gateway/wire/aws-error.ts';
import { MODEL, promptDataSchema, propose } from '../../reviewer/propose.ts';
import { serviceOf, textIn } from '../operation.ts';
import type { AwsCall, AwsService } from '../types.ts';

/** Characters to a token, about; nothing is billed by it. */
const CHARACTERS_A_TOKEN = 4;
const tokensOf = (text: string): number => Math.ceil(text.length / CHARACTERS_A_TOKEN);

type Place = { readonly region: string; readonly accountId: string };
type Messages = { readonly content?: { readonly text?: string }[] }[];

/** A model's ARN, an inference profile's, or what it is an id of. */
function arnOf(modelId: string, { region, accountId }: Place): string {
  if (modelId.startsWith('arn:')) return modelId;
  const isProfile = /^(?:us|us-gov|eu|apac|jp|au|ca|global)\./.test(modelId);
  return isProfile
    ? `arn:aws:bedrock:${region}:${accountId}:inference-profile/${modelId}`
    : `arn:aws:bedrock:${region}::foundation-model/${modelId}`;
}

/** The prompt's data, the last thing that was said. */
function dataIn({ input }: AwsCall) {
  const messages = (input.messages ?? []) as Messages;
  try {
    return promptDataSchema.parse(JSON.parse(messages.at(-1)?.content?.at(-1)?.text ?? ''));
  } catch {
    throw new AwsError('ValidationException', 'The prompt is not one of review-request.', 400);
  }
}

/** The offline reviewer, as a model of Bedrock's that was given one tool. It says in its text what it is. */
function converse(call: AwsCall) {
  const { toolChoice } = (call.input.toolConfig ?? {}) as { toolChoice?: { tool?: { name?: string } } };
  const name = toolChoice?.tool?.name;
  if (!name)
    throw new AwsError('ValidationException', 'The offline reviewer must be told which tool to use.', 400);
  const review = propose(dataIn(call));
  const [inputTokens, outputTokens] = [call.input.messages, review].map((part) =>
    tokensOf(JSON.stringify(part)),
  );
  return {
    output: {
      message: {
        role: 'assistant',
        content: [{ text: MODEL }, { toolUse: { toolUseId: `tooluse_${MODEL}`, name, input: review } }],
      },
    },
    stopReason: 'tool_use',
    usage: { inputTokens, outputTokens, totalTokens: (inputTokens ?? 0) + (outputTokens ?? 0) },
    metrics: { latencyMs: 1 },
  };
}

/**
 * Bedrock's runtime, with the offline reviewer for each of its models. A profile's role must be allowed the profile and its
 * model; here there is one region.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export const createBedrock = (place: Place): AwsService =>
  serviceOf(
    'bedrock',
    {
      Converse: {
        needs: (call) => {
          const profile = arnOf(textIn(call, 'modelId'), place);
          const [, id] = /:inference-profile\/[a-z-]+\.(.+)$/.exec(profile) ?? [];
          const model = `arn:aws:bedrock:${place.region}::foundation-model/${id}`;
          return [
            { action: 'bedrock:InvokeModel', resource: profile },
            ...(id
              ? [
                  {
                    action: 'bedrock:InvokeModel',
                    resource: model,
                    context: { 'bedrock:InferenceProfileArn': profile },
                  },
                ]
              : []),
          ];
        },
        run: converse,
      },
    },
    ({ operation }) => [{ action: `bedrock:${operation}`, resource: '*' }],
  );
