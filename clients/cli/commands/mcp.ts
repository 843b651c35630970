import { once } from 'node:events';
import type { Command } from 'commander';
import {
  brokerFor,
  type CliContext,
  type CommonOptions,
  commonOf,
  identityOf,
  subjectTokenOf,
} from '../cli-context.ts';
import { readPort } from '../read-port.ts';

type Options = {
  readonly http?: number;
  readonly subjectTokenFile?: string;
  readonly gateway?: string;
  readonly policies?: boolean;
};

/** `postern mcp`: the broker as tools for a model, which never sees a credential. */
export function addMcp(program: Command, context: CliContext): void {
  program
    .command('mcp')
    .description('serve the broker to a model by MCP: over standard input and output, or HTTP on loopback')
    .option(
      '--http <port>',
      'streamable HTTP at /mcp of this port instead of standard input and output',
      readPort,
    )
    .option(
      '--subject-token-file <file>',
      'the signed-in user’s token, on whose behalf all is asked; or POSTERN_SUBJECT_TOKEN',
    )
    .option('-g, --gateway <url>', 'make the calls of run_aws through this gateway; or POSTERN_GATEWAY')
    .option('--policies', 'only the tools about IAM policies: they need no broker and no credentials')
    .action(async (_: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<Options>() };
      // Loaded here alone: no other command pays for it.
      const makeServer = options.policies ? await policyServer() : await brokerServer(options, context);
      if (options.http === undefined) {
        const { serveStdio } = await import('../../mcp/start-mcp.ts');
        await serveStdio(makeServer, context.signal);
        return;
      }
      const { serveHttp } = await import('../../mcp/serve-http.ts');
      const { url, authorization, close } = await serveHttp(makeServer, options.http);
      context.err(`Serving MCP at ${url}, to who sends:\nAuthorization: ${authorization}`);
      if (!context.signal.aborted) await once(context.signal, 'abort');
      await close();
    });
}

async function policyServer() {
  const { makePolicyServer } = await import('../../mcp/make-policy-server.ts');
  return makePolicyServer;
}

async function brokerServer(options: CommonOptions & Options, context: CliContext) {
  const { mcpPortsOf } = await import('../../mcp/start-mcp.ts');
  const { makeMcpServer } = await import('../../mcp/make-mcp-server.ts');
  const broker = brokerFor(options, context);
  const subjectToken = subjectTokenOf(options, context);
  const gatewayUrl = options.gateway || context.env.POSTERN_GATEWAY;
  const { openMcpGateway } = await import('../../mcp/open-mcp-gateway.ts');
  const { signal } = context;
  const gateway = gatewayUrl && (await openMcpGateway(gatewayUrl, broker, { signal, subjectToken }));
  const ports = { ...mcpPortsOf(broker, identityOf(options), subjectToken), ...(gateway && { gateway }) };
  return () => makeMcpServer(ports);
}
