import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { ordinaryIdentity } from '../../../clients/sdk/postern.ts';
import type { ToolOptions } from './tools.ts';

const AGENT = 'customer_support_agent';
const CUSTOMER = 'c-1042';

/** As much of the file that `npm start` writes as is needed here. */
const accessSchema = z.object({
  console: z.url(),
  api: z.url(),
  aws: z.url(),
  principals: z.object({ [AGENT]: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }) }),
  subjects: z.object({ [CUSTOMER]: z.object({ tokenUrl: z.url() }) }),
});

export type Setting = {
  readonly customer: string;
  readonly tools: ToolOptions;
  readonly model: { readonly name: string; readonly apiKey: string; readonly baseURL?: string };
};

/** Where the broker, the model and the customer are: in the environment, or else in the sandbox. */
export async function readSetting(env: NodeJS.ProcessEnv): Promise<Setting> {
  if (env.POSTERN_API) return settingOfEnvironment(env, env.POSTERN_API);
  const file = env.SANDBOX_ACCESS ?? '.sandbox/access.json';
  if (!existsSync(file)) throw new Error(`${file} is not there: run npm start first, or set POSTERN_API`);
  const access = accessSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const key = access.principals[AGENT];
  return {
    customer: CUSTOMER,
    tools: {
      endpoint: access.api,
      identity: { credentials: async () => key, region: async () => 'eu-central-1' },
      // Fresh each time: waiting for people can outlast a token.
      async subjectToken() {
        const response = await fetch(access.subjects[CUSTOMER].tokenUrl);
        return z.object({ token: z.string() }).parse(await response.json()).token;
      },
      region: 'eu-central-1',
      awsEndpoint: access.aws,
    },
    model: modelOf(env) ?? {
      name: 'offline-support-rules',
      apiKey: 'none is needed',
      baseURL: `${access.console}/v1`,
    },
  };
}

/** On AWS: the ordinary chain signs, and the application hands over its customer and their token. */
async function settingOfEnvironment(env: NodeJS.ProcessEnv, endpoint: string): Promise<Setting> {
  const identity = ordinaryIdentity();
  const model = modelOf(env);
  const { CUSTOMER_ID: customer, SUBJECT_TOKEN: subjectToken } = env;
  if (!model || !customer || !subjectToken)
    throw new Error('with POSTERN_API, set OPENAI_API_KEY, CUSTOMER_ID and SUBJECT_TOKEN too');
  return { customer, tools: { endpoint, identity, subjectToken, region: await identity.region() }, model };
}

/** The model that the environment names; undefined where it names none. */
export function modelOf({ OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL }: NodeJS.ProcessEnv) {
  if (!OPENAI_API_KEY) return undefined;
  return {
    name: OPENAI_MODEL ?? 'gpt-5-mini',
    apiKey: OPENAI_API_KEY,
    ...(OPENAI_BASE_URL && { baseURL: OPENAI_BASE_URL }),
  };
}
