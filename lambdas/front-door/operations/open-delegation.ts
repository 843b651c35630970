import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import {
  type Delegation,
  delegationToken,
  type Gateway,
  LONGEST_SESSION_SECONDS,
} from '../../shared/domain/identity/delegation.ts';
import { inOrder } from '../../shared/domain/outside/references.ts';
import type { RecipientKey } from '../../shared/domain/workflow-state.ts';
import { subjectTokenField } from '../../shared/http/caller-fields.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { reasonField, referencesField } from '../../shared/requests/new-request.ts';
import { type SubjectTokens, subjectOfCall } from '../../shared/requests/verify-subject.ts';
import { delegationAnswerSchema } from '../gateway-session-view.ts';
import { noQuerySchema } from '../request-bodies.ts';

export type DelegatingPorts = {
  readonly gateways: readonly Gateway[];
  readonly delegations: { create(delegation: Delegation): Promise<boolean> };
  readonly subjectTokens: SubjectTokens;
  readonly recipientKeys: { thumbprintOf(key: RecipientKey): Promise<string> };
  readonly clock: () => Date;
  readonly newUlid: () => string;
};

/** Characters of a session's reason: words on each call's need stand beside it in a request's. */
const MOST_REASON = 1500;
const DEFAULT_SECONDS = 60 * 60;
/** A delegation is kept for 90 days, as requests are; the audit log is what lasts. */
const KEEP_SECONDS = 90 * 24 * 60 * 60;

const bodySchema = z.strictObject({
  reason: reasonField
    .max(MOST_REASON)
    .optional()
    .describe('The job, in plain language. A session without one asks for nothing.'),
  references: referencesField.optional(),
  durationSeconds: z
    .number()
    .int()
    .min(900)
    .max(LONGEST_SESSION_SECONDS)
    .optional()
    .describe('Seconds the gateway’s session is to last; an hour unless told.'),
  subjectToken: subjectTokenField
    .optional()
    .describe(
      "The signed-in user's OIDC token, where the job is on behalf of one. It is verified, never stored.",
    ),
  gateway: z
    .string()
    .max(200)
    .optional()
    .describe('The role of the gateway, where several are registered; the first unless told.'),
  accountId: z
    .string()
    .regex(/^[0-9]{12}$/)
    .optional()
    .describe('The AWS account that the session’s calls mean; the gateway’s own unless told.'),
});

export const openDelegation = operation({
  id: 'openDelegation',
  method: 'POST',
  path: '/delegations',
  handsOver: true,
  summary: 'Let a gateway ask for access, call by call.',
  description:
    'The gateway asks for what each AWS call needs, with this reason, for this principal and subject alone; what is granted is sealed to its key, and it makes the calls itself. Its token is worth nothing to anybody but that gateway.',
  query: noQuerySchema,
  body: bodySchema,
  readsWebIdentity: true,
  answers: { 200: { description: 'The delegation.', schema: delegationAnswerSchema } },
  problems: [
    'gateway_unknown',
    'delegation_refused',
    'web_identity_invalid',
    'principal_suspended',
    'subject_token_invalid',
    'subject_keys_unavailable',
  ],
  async run(call, ports: DelegatingPorts): Promise<Answer> {
    const { caller, body, webIdentity } = call;
    const { reason = caller.purpose, references, durationSeconds = DEFAULT_SECONDS, subjectToken } = body;
    const wanted = webIdentity?.gatewayRoleArn ?? body.gateway;
    const gateway = ports.gateways.find(({ roleArn }) => wanted === undefined || roleArn === wanted);
    if (!gateway) {
      const errors = [{ field: 'gateway', message: 'is none that is registered' }];
      throw new Problem('gateway_unknown', 'Register it in deployment.json, as "gateways".', { errors });
    }
    if (caller.status !== 'active') throw new Problem('principal_suspended', 'Ask an administrator.');
    const subject = await subjectOfCall(call, subjectToken, ports.subjectTokens);
    const now = ports.clock();
    const secret = randomBytes(32).toString('base64url');
    const delegation: Delegation = {
      sessionId: `gateway-${ports.newUlid()}`,
      principalId: caller.id,
      ...(subject && { subject }),
      // The gateway's account is the broker's own. What another one means is in the catalog, or is never granted.
      accountId: body.accountId ?? gateway.roleArn.split(':')[4] ?? '',
      ...(reason !== undefined && { reason }),
      ...(references && { references: inOrder(references) }),
      gatewayRoleArn: gateway.roleArn,
      keyThumbprint: await ports.recipientKeys.thumbprintOf(gateway.publicKey),
      secretDigest: `sha256:${createHash('sha256').update(secret).digest('hex')}`,
      openedAt: now.toISOString(),
      endsAt: new Date(now.getTime() + durationSeconds * 1000).toISOString(),
      ttl: Math.floor(now.getTime() / 1000) + durationSeconds + KEEP_SECONDS,
    };
    if (!(await ports.delegations.create(delegation))) throw new Error('a new ULID that is taken');
    return {
      status: 200,
      body: {
        sessionId: delegation.sessionId,
        delegation: delegationToken(delegation.sessionId, secret),
        gateway: gateway.roleArn,
        expiresAt: delegation.endsAt,
      },
    };
  },
});
