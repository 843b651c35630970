import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { passkeyOriginSchema } from '../lambdas/shared/domain/approvals/passkey-place.ts';
import { ConfigError } from '../lambdas/shared/domain/config-error.ts';
import { webhooksSchema } from '../lambdas/shared/domain/events/webhook.ts';
import { gatewaysSchema } from '../lambdas/shared/domain/identity/delegation.ts';
import { subjectsInPromptsSchema } from '../lambdas/shared/domain/subjects/subjects-in-prompts.ts';
import { bedrockModelSchema } from './bedrock-model.ts';
import { gatewayTasksSchema } from './gateway-settings.ts';
import { OWN_MACHINES } from './names.ts';

const FILE = 'deployment.json';

const accountId = z.string().regex(/^\d{12}$/, 'is not an AWS account id: twelve digits');

/** A service that every function of the deployment can reach: not this machine. */
const remoteUrl = z
  .url({ protocol: /^https$/, error: 'is not an https:// address' })
  .refine((url) => !/^(localhost|127\.|\[::1\])/.test(new URL(url).hostname), {
    error: 'is on one machine: the offline reviewer is for the sandbox only',
  });

/** Where browsers find pages of the deployment, by a name of the organisation's own. */
const ownUrl = z
  .url({ protocol: /^https$/, error: 'is not an https:// address' })
  .refine((url) => new URL(url).origin === url, 'is more than a scheme and a host');

/** A workflow of the organisation's own: one of Postern's is never completed from outside. */
const callerMachine = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,80}$/, 'is not the name of a state machine: letters, digits, _ and -')
  .refine((name) => !OWN_MACHINES.includes(name), { error: "is one of Postern's own state machines" });

export const settingsSchema = z.strictObject({
  $schema: z.string().optional(),
  /** The account and region that are deployed to; where named, credentials of any other are refused. */
  account: accountId.optional(),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not a region')
    .optional(),
  /** Where the reviewer is: any endpoint that speaks OpenAI's Responses API. */
  openaiBaseUrl: remoteUrl.default('https://api.openai.com/v1'),
  openaiModel: z.string().min(1).default('gpt-5-mini'),
  /** Who reviews; the second is asked where the first cannot be. */
  reviewers: z
    .array(z.enum(['openai', 'bedrock']))
    .min(1)
    .max(2)
    .refine((names) => new Set(names).size === names.length, { error: 'names a reviewer twice' })
    .default(['openai']),
  /** The model at Amazon Bedrock. */
  bedrockModel: bedrockModelSchema.optional(),
  /** Whether models are told the identifiers of those for whom agents ask: see docs/what-models-see.md. */
  subjectsInPrompts: subjectsInPromptsSchema.default('shown'),
  /** Claims must bring a key of their own, so that credentials are never in clear at the front door. */
  requireRecipientKey: z.boolean().default(false),
  /** The gateways that may ask for principals who let them, and be sealed their sessions. */
  gateways: gatewaysSchema.optional(),
  /** Runs a gateway in a VPC that is there: the first of `gateways`, with the role that is named there. */
  gatewayTasks: gatewayTasksSchema.optional(),
  /** State machines of this account and region whose tasks may wait on a request: the names that `callback` works for. */
  callbackStateMachines: z.array(callerMachine).max(50).default([]),
  /** Addresses outside that are told of requests that people decide: see docs/webhooks.md. */
  webhooks: webhooksSchema.default([]),
  /** An identity provider says who the people are, by SCIM 2.0: see docs/people.md. */
  scim: z.boolean().default(false),
  /** Sources outside state facts, by a door of their own: see docs/facts.md. */
  facts: z.boolean().default(false),
  /** Makes an SNS topic, `postern-events`, that is told of the same. */
  eventsTopic: z.boolean().default(false),
  /**
   * Simultaneous runs kept for the front door, and its most; `unreserved` keeps none. Lambda wants 100 left over besides,
   * so a new account, which has 10 in all, can reserve none.
   */
  frontDoorConcurrency: z.union([z.int().min(1).max(1000), z.literal('unreserved')]).default(50),
  /** The same for the door for tokens, so that a flood there takes nothing from here. */
  tokenDoorConcurrency: z.union([z.int().min(1).max(1000), z.literal('unreserved')]).default('unreserved'),
  /** Agrees that the door for tokens is on the internet, where the API is private: HTTP APIs cannot be private. */
  publicTokenDoor: z.boolean().default(false),
  /** The console, as people sign in to it: a public client (authorization code with PKCE) of one of issuers.json. */
  console: z
    .strictObject({
      /** The issuer's name there. */
      issuer: z.string().min(1).max(32),
      clientId: z.string().min(1).max(256),
      scope: z.string().min(6).max(500).default('openid'),
      /** Where browsers find it, where that is a name of one's own. */
      url: ownUrl.optional(),
    })
    .optional(),
  /** The support chat of the demo bank, for its customers; a deployment without the demo has none. */
  chat: z
    .strictObject({
      /** The name in issuers.json of the issuer whose customers sign in. */
      issuer: z.string().min(1).max(32),
      clientId: z.string().min(1).max(256),
      scope: z.string().min(6).max(500).default('openid'),
      /** Where browsers find it, where that is a name of one's own. */
      url: ownUrl.optional(),
      /** The language model that answers; a few rules do without. Its key is the secret `postern/chat-model`. */
      model: z
        .strictObject({
          name: z.string().min(1).max(256),
          baseUrl: remoteUrl.optional(),
        })
        .optional(),
    })
    .optional(),
  /** Other accounts whose principals may call the API; this account's need an identity policy. */
  allowedAccounts: z.array(accountId).default([]),
  /** An AWS organisation, any account of which may call the API. */
  allowedOrganization: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, 'is not an organisation id: o-…')
    .optional(),
  /** Makes the API private: reachable through this interface endpoint only. */
  vpcEndpointId: z
    .string()
    .regex(/^vpce-[0-9a-f]+$/, 'is not a VPC endpoint id: vpce-…')
    .optional(),
  /** A WAF web ACL (regional) in front of the API. */
  webAclArn: z
    .string()
    .regex(/^arn:[^:]+:wafv2:/, 'is not the ARN of a WAF web ACL')
    .optional(),
  /** How long archived audit records cannot be changed or deleted, in days. */
  archiveDays: z.int().min(1).max(3650).default(365),
  /** Nobody, the account's root user included, can shorten that: the lock's compliance mode. It cannot be undone. */
  archiveForGood: z.boolean().default(false),
  /** A CloudTrail trail of every item that is read or written in the catalog's tables; it is charged by the event. */
  dataEvents: z.boolean().default(false),
  /** The console's origin, at which approvers vote with passkeys; none where it is absent. Moved, every passkey is enrolled anew. */
  passkeyOrigin: passkeyOriginSchema.optional(),
  /** Who is told of alarms. */
  alarmEmail: z.email().optional(),
});

/** What an organisation may set of its deployment; every setting has a default or may be absent. */
export type Settings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});

/**
 * The settings of `deployment.json` in the configuration's folder, or the defaults where there is none. Throws
 * ConfigError, which names the setting and what is wrong with it.
 */
export function readSettings(folder = process.env.POSTERN_CONFIG_DIR ?? 'config'): Settings {
  const file = join(folder, FILE);
  if (!existsSync(file)) return DEFAULT_SETTINGS;
  return parseSettings(readFileSync(file, 'utf8'));
}

/** What one setting needs of another: a gateway that runs here is one that the broker knows, a reviewer has a model. */
function missingBeside({ gatewayTasks, gateways, reviewers, bedrockModel }: Settings): string | undefined {
  if (gatewayTasks !== undefined && !gateways?.[0])
    return 'gatewayTasks needs the gateway’s role and keys, as the first of "gateways"';
  if (reviewers.includes('bedrock') !== (bedrockModel !== undefined))
    return 'reviewers has "bedrock" where, and only where, bedrockModel names its model';
  return undefined;
}

/** The same, of the file's text. */
export function parseSettings(text: string): Settings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError(FILE, undefined, 'is not JSON');
  }
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) {
    const missing = missingBeside(parsed.data);
    if (missing !== undefined) throw new ConfigError(FILE, undefined, missing);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const problem = [issue?.path.map(String).join('.'), issue?.message].filter(Boolean).join(' ');
  throw new ConfigError(FILE, undefined, problem);
}
