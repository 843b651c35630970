import type { HoldTimes } from '../gateway/serve/hold-for-people.ts';
import type { CatalogResource } from '../lambdas/shared/domain/catalog/catalog.ts';
import type { Gateway } from '../lambdas/shared/domain/identity/delegation.ts';
import type { Streamed } from './aws/services/dynamodb.ts';
import type { AwsService } from './aws/types.ts';
import type { AwsEndpoint } from './aws-endpoint.ts';
import type { LogSink } from './functions/log-sink.ts';
import type { FactSourceAccess } from './issuer/fact-source.ts';
import type { SlackOfSandbox } from './slack/slack-of-sandbox.ts';
import type { StatesService } from './states/states-service.ts';
import type { ResolvedTemplate } from './template/types.ts';
import type { WebhookCatcher } from './webhooks/serve-webhooks.ts';

/** Runs a function of the template by its name, as API Gateway does, and answers its result. */
export type Invoke = (functionName: string, event: unknown) => Promise<unknown>;

export type AwsOptions = {
  port: number;
  template: ResolvedTemplate;
  /** Services beside the endpoint's own. */
  services: AwsService[];
  /** What can be brokered, ARNs resolved: the services hold what it names; none by default. */
  catalog?: readonly CatalogResource[];
  /** Other accounts, by their ids; none by default. Each has its roles and what the catalog names in it. */
  members?: ReadonlyMap<string, Pick<ResolvedTemplate, 'roles'>>;
  /** The tables whose stream is read; none by default. */
  streamed?: Streamed;
  /** Where tables are kept; in memory without it. */
  dataDir?: string;
  /** The time of day, where a test moves it; what is signed by the machine's own is taken too. */
  now?: () => Date;
};

/** The HTTP application of port 4780 (sandbox/edge): console, `/api`, `/slack`, sign-in, reviewer. */
export type Edge = {
  url: string;
  /** Where browsers find the console: the same port by a name that is a domain. */
  consoleUrl: string;
  /** Values for variables that the template declares and only the place can know, such as CONSOLE_URL. */
  declared: Record<string, string>;
  /** Variables that functions have in the sandbox only, such as SLACK_API_URL. */
  added: Record<string, string>;
  /** The Slack that functions speak to. */
  slack: Pick<SlackOfSandbox, 'secret' | 'own'>;
  /** Where webhooks are posted to, and what they are signed with; undefined where there are none. */
  webhooks: Pick<WebhookCatcher, 'secret' | 'caught'>;
  /** With what facts from outside are signed here. */
  factSource: FactSourceAccess;
  /** Where a principal gets a token to sign in with. */
  tokenUrlOf(principalId: string): string;
  /** The chat as it is on AWS, where the template has it. */
  chat?: { readonly url: string; readonly socketUrl: string };
  close(): Promise<void>;
};

export type EdgeOptions = {
  port: number;
  configDir: string;
  template: ResolvedTemplate;
  aws: AwsEndpoint;
  states: StatesService;
  invoke: Invoke;
  logs: LogSink;
  /** The host's variables that the sandbox may look at (OPENAI_API_KEY, Slack's tokens). */
  env: Record<string, string | undefined>;
  /** Where the support chat is, once it is there; absent where there is none. */
  chatUrl?: () => string;
};

export type SeedOptions = Omit<EdgeOptions, 'port' | 'invoke' | 'chatUrl'> & {
  edge: Edge;
  /** Where keys are kept over restarts; in memory without it. */
  dataDir?: string;
};

export type GatewayPartOptions = Pick<EdgeOptions, 'configDir' | 'template' | 'aws' | 'logs'> & {
  port: number;
  /** The time of day, where a test moves it. */
  clock?: () => Date;
  /** For how long calls are held, where a test cannot wait. */
  times?: Partial<HoldTimes>;
  /** The gateway's one secret. */
  seed: Buffer;
  edge: Edge;
};

/** The gateway (DESIGN §9), as it runs. */
export type GatewayPart = { url: string; recordKey: Gateway['recordKey']; close(): Promise<void> };

export type ChatPartOptions<Access> = Pick<EdgeOptions, 'aws' | 'logs' | 'env'> & {
  port: number;
  edge: Edge;
  access: Access;
};

/** The support chat (DESIGN §12), as it runs. */
export type ChatPart = { url: string; close(): Promise<void> };

/** What the sandbox is put together from; each lives in a folder of its own. */
export type SandboxParts<Access> = {
  startAws(options: AwsOptions): Promise<AwsEndpoint>;
  startEdge(options: EdgeOptions): Promise<Edge>;
  /** Fills tables and secrets, makes the demo's keys; answers what `.sandbox/access.json` tells. */
  seed(options: SeedOptions): Promise<Access>;
  /** The gateway, where one is wanted. */
  startGateway?(options: GatewayPartOptions): Promise<GatewayPart>;
  /** The support chat, where one is wanted. */
  startChat?(options: ChatPartOptions<Access>): Promise<ChatPart>;
};
