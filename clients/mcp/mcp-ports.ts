import type { CatalogView } from '../../lambdas/list-catalog/list-catalog-spec.ts';
import type { BrokerClient } from '../sdk/broker-client.ts';
import type { Access } from '../sdk/postern.ts';
import type { AwsCall } from './run-aws-call.ts';

/** A session that was claimed in this server, and is never given out. */
export type HeldSession = Pick<Access, 'accessKeyId' | 'secretAccessKey' | 'sessionToken' | 'expiration'>;

/** Placeholder keys of a gateway, which makes the calls at its address. */
export type GatewaySession = HeldSession & { readonly endpoint: string };

/** The gateway that calls go through, where there is one. */
export type McpGateway = {
  /** What the caller could ever be granted. */
  readonly catalog: CatalogView;
  /** Opens a session for a job. */
  readonly open: (reason: string, references?: readonly string[]) => Promise<GatewaySession>;
};

/** What the tools need. */
export type McpPorts = {
  readonly broker: Pick<BrokerClient, 'createRequest' | 'getRequest' | 'listRequests' | 'cancel' | 'catalog'>;
  /** A fresh token of the signed-in user that every request is made for; none for an agent's own. */
  readonly subjectToken?: (() => Promise<string>) | undefined;
  /** Claims a granted request with a key of this process. */
  readonly claim: (requestId: string) => Promise<HeldSession>;
  /** Where AWS is called, unless the model names another region. */
  readonly region: () => Promise<string>;
  /** Makes one AWS call with a session. */
  readonly callAws: (
    session: HeldSession & { readonly endpoint?: string },
    call: AwsCall,
  ) => Promise<unknown>;
  /** Calls go through it, and nothing is claimed, where there is one. */
  readonly gateway?: McpGateway | undefined;
  /** Milliseconds between looks while people decide. */
  readonly lookEvery: number;
  /** Milliseconds between two words of progress, to a client that asked for them. */
  readonly tellEvery: number;
  readonly now: () => number;
};
