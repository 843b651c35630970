import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import { PROVE_POLICY } from '../iam/prove-tool.ts';
import { PosternError } from '../sdk/postern-error.ts';
import { tokenOf, waitForDecision } from '../sdk/wait-for-access.ts';
import type { HeldSession, McpPorts } from './mcp-ports.ts';
import { redactSessions } from './redact-session.ts';
import { AWS_SERVICES, answerText } from './run-aws-call.ts';
import { pictureOf, refusalOf, said } from './tool-answers.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

const requestId = z.string().max(100).describe('The id that request_access answered.');

/** Tells a client that asked for progress that people are still deciding. */
async function tellProgress(extra: Extra, progress: number, request: RequestView): Promise<void> {
  const { progressToken } = extra._meta ?? {};
  if (progressToken === undefined) return;
  const message =
    request.status === 'AWAITING_APPROVAL'
      ? `${request.approval?.tier ?? 'Somebody'} is asked, until ${request.approval?.deadline ?? 'later'}.`
      : `The request is ${request.status}.`;
  await extra.sendNotification({
    method: 'notifications/progress',
    params: { progressToken, progress, message },
  });
}

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
  const { broker, subjectToken, claim, callAws, lookEvery, now } = ports;
  const onBehalf = async () => ({ subjectToken: await tokenOf(subjectToken) });
  const server = new McpServer({ name: 'postern', version: '0.1.0' });

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

  server.registerTool(
    'request_access',
    {
      title: 'Ask for access to AWS',
      description:
        'Asks the broker for access to do one job. Say in plain language what for, and on which data: the broker chooses the grants. It may take minutes, where a person has to approve; then check_access tells how far it is.',
      inputSchema: {
        reason: z.string().min(10).max(2000).describe('The job: what for, on which data.'),
        durationSeconds: z.number().int().min(900).max(3600).optional(),
        waitSeconds: z
          .number()
          .int()
          .min(0)
          .max(3600)
          .default(120)
          .describe('How long to wait for a decision.'),
      },
    },
    tool(async ({ reason, durationSeconds, waitSeconds }, extra) => {
      const created = await broker.createRequest(
        { reason, durationSeconds, ...(await onBehalf()) },
        { wait: 20, signal: extra.signal },
      );
      let progress = 0;
      const tell = (request: RequestView) => {
        progress += 1;
        // A client that went away needs no telling.
        void tellProgress(extra, progress, request).catch(() => {});
      };
      try {
        const decided = await waitForDecision(created, broker, {
          subjectToken,
          timeout: waitSeconds * 1000,
          signal: extra.signal,
          now,
          onProgress: tell,
          pause: (milliseconds) =>
            new Promise((resolve) => {
              setTimeout(resolve, Math.min(milliseconds, lookEvery));
            }),
        });
        return said(JSON.stringify(pictureOf(decided)));
      } catch (error) {
        if (!(error instanceof PosternError && error.code === 'wait_timed_out')) throw error;
        const standing = await broker.getRequest(created.requestId, await onBehalf());
        return said(JSON.stringify(pictureOf(standing)));
      }
    }),
  );

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
    'list_catalog',
    {
      title: 'List what could be granted',
      description:
        'Resources and actions that you could ever be granted, and what each takes: approvals, codes.',
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

  server.registerTool(
    'run_aws',
    {
      title: 'Make one AWS call',
      description:
        'Makes one AWS API call with the session of a granted request, and answers what AWS answered. The session can do what was granted and nothing else. Input is that of the AWS API, for DynamoDB with typed values: {"Key":{"id":{"S":"…"}}}.',
      inputSchema: {
        requestId,
        service: z.enum(AWS_SERVICES),
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

  server.registerTool('prove_policy', PROVE_POLICY.config, tool(PROVE_POLICY.run));

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
}
