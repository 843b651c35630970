import { openAtGateway } from '../cli/open-at-gateway.ts';
import type { BrokerClient } from '../sdk/broker-client.ts';
import { tokenOf } from '../sdk/wait-for-access.ts';
import type { McpGateway } from './mcp-ports.ts';

/** The gateway at an address, for what the caller could ever be granted. Throws PosternError where the broker does not say. */
export async function openMcpGateway(
  url: string,
  broker: Pick<BrokerClient, 'catalog' | 'openDelegation'>,
  { signal, subjectToken }: { signal: AbortSignal; subjectToken?: (() => Promise<string>) | undefined },
): Promise<McpGateway> {
  return {
    catalog: await broker.catalog({ signal }),
    async open(reason, references) {
      const token = await tokenOf(subjectToken);
      const { delegation } = await broker.openDelegation(
        { reason, ...(references && { references }), ...(token !== undefined && { subjectToken: token }) },
        { signal },
      );
      const keys = await openAtGateway(url, delegation, signal);
      return { ...keys, expiration: new Date(keys.expiration), endpoint: url };
    },
  };
}
