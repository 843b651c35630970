import * as z from 'zod';

/** A geography's prefix of an inference profile: requests stay in it. `global` is none. */
const GEOGRAPHY = /^(?:us|us-gov|eu|apac|jp|au|ca)\./;

/**
 * A foundation model of the region (`amazon.nova-pro-v1:0`), or an inference profile of its geography
 * (`eu.anthropic.claude-sonnet-4-5-20250929-v1:0`). A global profile sends requests anywhere, and is refused.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/cross-region-inference.html
 */
export const bedrockModelSchema = z
  .string()
  .regex(
    /^(?:[a-z-]{2,6}\.)?[a-z0-9-]+\.[A-Za-z0-9.:-]{1,100}$/,
    'is not the id of a model or of an inference profile',
  )
  .refine((id) => !id.startsWith('global.'), {
    error: 'is a global inference profile, which sends requests to any region: take one of a geography',
  });

type Place = { readonly partition: string; readonly region: string; readonly account: string };

/**
 * What a role must be allowed to invoke: the model of the region; or the profile, and its model wherever the profile
 * sends a request, through that profile alone.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html
 */
export function invokedFor(id: string, { partition, region, account }: Place) {
  const model = (where: string, name: string) =>
    `arn:${partition}:bedrock:${where}::foundation-model/${name}`;
  if (!GEOGRAPHY.test(id)) return { direct: model(region, id) };
  const profile = `arn:${partition}:bedrock:${region}:${account}:inference-profile/${id}`;
  return { direct: profile, through: { profile, model: model('*', id.replace(GEOGRAPHY, '')) } };
}
