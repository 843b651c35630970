import { credentialIdSchema, MOST_PASSKEYS, type Passkey } from '../../shared/domain/approvals/passkey.ts';
import { canonicalJson, digestOf } from '../../shared/domain/digest.ts';
import type { Principal } from '../../shared/domain/principal.ts';
import { type Answer, type Call, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { type OpeningPorts, openRequest } from '../../shared/requests/open-request.ts';
import { enrolPasskeyBodySchema, revokePasskeyBodySchema, waitQuerySchema } from '../request-bodies.ts';
import { linkedViewOf, linkedViewSchema, retryAfterOf } from '../request-views.ts';
import { type WaitingPorts, waitForDecision } from '../wait-for-row.ts';

type PasskeyPorts = OpeningPorts & WaitingPorts;
type Proposing = Pick<Call<{ wait?: number | undefined }>, keyof Call> & {
  readonly body: { reason: string };
};

const refused = (message: string) =>
  new Problem('invalid_request', `passkey: ${message}.`, { errors: [{ field: 'passkey', message }] });

/** Proposes the caller's own entry with these passkeys instead of theirs, and nothing else changed. */
async function propose(passkeys: readonly Passkey[], call: Proposing, ports: PasskeyPorts): Promise<Answer> {
  const { passkeys: _, ...rest } = call.caller;
  const entry: Principal = { ...rest, ...(passkeys.length > 0 && { passkeys: [...passkeys] }) };
  const proposal = canonicalJson(entry);
  const change = {
    kind: 'principal' as const,
    target: entry.id,
    proposal,
    proposalDigest: digestOf(proposal),
    baseVersion: entry.version,
  };
  const opened = await openRequest({ reason: call.body.reason, dryRun: false, change }, call, ports);
  const row = await waitForDecision(opened, call.query.wait ?? 0, call.deadline, ports);
  const body = linkedViewOf(row, call.basePath);
  return { status: 202, body, headers: { location: body.links.self, ...retryAfterOf(row) } };
}

const PROPOSED = {
  202: { description: 'The change request, recorded and under way.', schema: linkedViewSchema },
} as const;

export const enrolPasskey = operation({
  id: 'enrolPasskey',
  method: 'POST',
  path: '/passkeys',
  summary: 'Propose a passkey of one’s own, to vote with.',
  description:
    'A change of the caller’s own entry, which adds the passkey and nothing else. It votes once others have approved it.',
  query: waitQuerySchema,
  body: enrolPasskeyBodySchema,
  readsIdempotencyKey: true,
  answers: PROPOSED,
  problems: ['grant_not_selectable', 'idempotency_conflict', 'limit_reached', 'requests_suspended'],
  async run(call, ports: PasskeyPorts): Promise<Answer> {
    const { passkeys = [], type } = call.caller;
    const { passkey } = call.body;
    if (type !== 'human') throw refused('is for people: an agent never votes');
    if (passkeys.some(({ id }) => id === passkey.id)) throw refused('is enrolled already');
    if (passkeys.length >= MOST_PASSKEYS)
      throw refused(`is one more than ${MOST_PASSKEYS}: give one up first`);
    return propose([...passkeys, passkey], call, ports);
  },
});

export const revokePasskey = operation({
  id: 'revokePasskey',
  method: 'POST',
  path: '/passkeys/{id}/revoke',
  pathId: { schema: credentialIdSchema, description: 'The passkey’s id.' },
  summary: 'Give up a passkey of one’s own.',
  description:
    'A change of the caller’s own entry, which takes the passkey away and nothing else. The guardrails say who must agree; as delivered, nobody.',
  query: waitQuerySchema,
  body: revokePasskeyBodySchema,
  readsIdempotencyKey: true,
  answers: PROPOSED,
  problems: [
    'grant_not_selectable',
    'passkey_not_found',
    'idempotency_conflict',
    'limit_reached',
    'requests_suspended',
  ],
  async run(call, ports: PasskeyPorts): Promise<Answer> {
    const { passkeys = [] } = call.caller;
    const left = passkeys.filter(({ id }) => id !== call.id);
    if (left.length === passkeys.length)
      throw new Problem('passkey_not_found', 'It is none of yours, or was given up.');
    return propose(left, call, ports);
  },
});
