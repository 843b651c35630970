import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import { referencesSchema } from '../../lambdas/shared/domain/outside/references.ts';
import { tokenOf } from '../sdk/wait-for-access.ts';
import { GATEWAY_INSTRUCTIONS, registerGatewayCalls } from './gateway-tool.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { listOpenRequests } from './list-open-requests.ts';
import { BUILT_IN, SERVICE_NAME } from './load-sdk.ts';
import { registerPolicyTools } from './make-policy-server.ts';
import type { HeldSession, McpPorts } from './mcp-ports.ts';
import { redactSessions } from './redact-session.ts';
import { makeRequestAccess } from './request-access.ts';
import { answerText } from './run-aws-call.ts';
import type { Extra } from './tell-progress.ts';
import { pictureOf, refusalOf, said } from './tool-answers.ts';

const requestId = z.string().max(100).describe('The id that request_access answered.');

/**
 * The MCP server: tools that ask a broker for access and make AWS calls with what was granted. INVARIANT:
 * credentials stay in here. A session is claimed when it is first used, by a key of this process, and no tool's
 * answer, error or log holds any of it.
 */
export function makeMcpServer(ports: McpPorts): McpServer {
  /** Sessions by the request they were granted for; claimed once, when first used. */
  const held = new Map<string, Promise<HeldSession>>();
  const opened = new Set<HeldSession>();
  const hide = (text: string): string => redactSessions(text, opened);
  const { broker, subjectToken, claim, callAws } = ports;
  const requestAccess = makeRequestAccess(ports);
  const onBehalf = async () => ({ subjectToken: await tokenOf(subjectToken) });
  const server = new McpServer(
    { name: 'postern', version: '0.1.0' },
    { instructions: ports.gateway ? GATEWAY_INSTRUCTIONS : INSTRUCTIONS },
  );

  const tool =
    <Input>(run: (input: Input, extra: Extra) => Promise<CallToolResult>) =>
    async (input: Input, extra: Extra): Promise<CallToolResult> => {
      const result = await run(input, extra).catch(refusalOf);
      const content = result.content.map((part) =>
        part.type === 'text' ? { ...part, text: hide(part.text) } : part,
      );
      return { ...result, content };
    };

  /** The session of a request, claimed once; a claim that failed may be tried again. */
  function sessionOf(id: string): Promise<HeldSession> {
    const session = held.get(id) ?? claim(id);
    held.set(id, session);
    session.then(
      (open) => opened.add(open),
      () => held.delete(id),
    );
    return session;
  }

  if (!ports.gateway) registerRequestAccess();

  server.registerTool(
    'check_access',
    {
      title: 'See how far a request is',
      description: 'Answers the status of a request, what it opens, and why it was denied where it was.',
      inputSchema: { requestId },
      annotations: { readOnlyHint: true },
    },
    tool(async ({ requestId: id }) =>
      said(JSON.stringify(pictureOf(await broker.getRequest(id, await onBehalf())))),
    ),
  );

  server.registerTool(
    'list_requests',
    {
      title: 'List open requests',
      description:
        'What was asked for and is being decided, or is granted and not used yet: ids and statuses.',
      inputSchema: {},
      annotations: { readOnlyHint: true },
    },
    tool(async (_, extra) =>
      said(JSON.stringify(await listOpenRequests(broker, { ...(await onBehalf()), signal: extra.signal }))),
    ),
  );

  server.registerTool(
    'list_catalog',
    {
      title: 'List what could be granted',
      description:
        'Resources and actions that you could ever be granted, and what each takes: approvals, codes. And jobs that were fixed for you, to be asked for by name.',
      inputSchema: {},
      annotations: { readOnlyHint: true },
    },
    tool(async () => said(JSON.stringify(await broker.catalog()))),
  );

  server.registerTool(
    'cancel_request',
    {
      title: 'Take a request back',
      description: 'Cancels a request that is not needed any more, as long as its session was not used.',
      inputSchema: { requestId },
    },
    tool(async ({ requestId: id }) =>
      said(JSON.stringify(pictureOf(await broker.cancel(id, await onBehalf())))),
    ),
  );

  if (ports.gateway) {
    const onOpened = (session: HeldSession) => void opened.add(session);
    registerGatewayCalls(server, ports.gateway, { ports, wrap: tool, hide, onOpened });
  } else registerCalls();

  registerPolicyTools(server, tool);

  server.registerResource(
    'catalog',
    'postern://catalog',
    { title: 'What could be granted', mimeType: 'application/json' },
    async (uri) => ({
      contents: [
        { uri: uri.href, mimeType: 'application/json', text: JSON.stringify(await broker.catalog()) },
      ],
    }),
  );

  return server;

  function registerRequestAccess(): void {
    server.registerTool(
      'request_access',
      {
        title: 'Ask for access to AWS',
        description:
          'Asks the broker for access to do one job. Say in plain language what for, and on which data: the broker chooses the grants. Or name a job that was fixed for you, with no reason: then no model is asked. It answers within 20 seconds, with the id of the request and what to do next. Where a person has to approve, that may take minutes: check_access tells how far it is. The same reason again goes on with the same request.',
        inputSchema: {
          reason: z
            .string()
            .min(10)
            .max(2000)
            .optional()
            .describe('What for, on which data. Needed unless a job is named.'),
          job: z
            .string()
            .max(64)
            .optional()
            .describe('The name of a fixed job, as list_catalog lists them, where one does what you need.'),
          references: referencesSchema
            .optional()
            .describe('Tickets and the like that it is for, as the user names them. Never make one up.'),
          durationSeconds: z.number().int().min(900).max(3600).optional(),
          waitSeconds: z
            .number()
            .int()
            .min(0)
            .max(3600)
            .default(15)
            .describe('How long to wait for a decision: at most 15, unless the client asked for progress.'),
        },
      },
      tool(async (input, extra) => said(JSON.stringify(pictureOf(await requestAccess(input, extra))))),
    );
  }

  /** Calls with sessions that were granted before, and are claimed here. */
  function registerCalls(): void {
    server.registerTool(
      'run_aws',
      {
        title: 'Make one AWS call',
        description:
          'Makes one AWS API call with the session of a granted request, and answers what AWS answered. The session can do what was granted and nothing else. Input is that of the AWS API, for DynamoDB with typed values: {"Key":{"id":{"S":"…"}}}.',
        inputSchema: {
          requestId,
          service: z
            .string()
            .regex(SERVICE_NAME)
            .describe(
              `As its actions begin: ${BUILT_IN.join(', ')}; others where their client of the AWS SDK is installed.`,
            ),
          operation: z.string().max(60).describe('As the AWS API reference names it: GetItem, Query, …'),
          input: z.record(z.string(), z.unknown()).default({}),
          region: z
            .string()
            .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
            .optional(),
        },
      },
      tool(async ({ requestId: id, service, operation, input, region }) => {
        const session = await sessionOf(id);
        const call = { service, operation, input, region: region ?? (await ports.region()) };
        return said(answerText(await callAws(session, call), hide));
      }),
    );
  }
}
