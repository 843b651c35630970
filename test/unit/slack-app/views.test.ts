import { expect, test } from 'vitest';
import { diffOf } from '../../../lambdas/request-approval/what-is-asked.ts';
import { principalText, readableProposal } from '../../../lambdas/shared/domain/text/readable-proposal.ts';
import { approvalMessage } from '../../../lambdas/shared/messages/approval-message.ts';
import type { MessageContent } from '../../../lambdas/shared/messages/message-content.ts';
import { messageBlocksSchema, modalSchema } from '../../../sandbox/slack/check-blocks.ts';
import {
  answerModal,
  codeModal,
  denyReasonModal,
  detailsModal,
  narrowModal,
  revokeModal,
} from '../../../slack-app/views/approval-modals.ts';
import { approvalAsk, askedRow, factsOf, voteOf } from '../../support/asked-row.ts';
import { ofBank } from '../../support/bank.ts';
import { heldCall } from '../../support/held-call.ts';

const HOSTILE = '<!channel> *Approved* <https://evil.example|click>';
const ANOTHER = 'customer_support_agent-01JD3Z9Q2N8K4V6B1C5D7E9F0';
const METADATA = '{"requestId":"…"}';

const entitlement = askedRow().decision?.entitlement;
const decided = (status: 'READY' | 'DENIED', more: object = {}) =>
  askedRow({
    status,
    version: 5,
    decision: { ...askedRow().decision, outcome: 'grant', reasons: [], ...more } as never,
  });

const escalated = {
  ...approvalAsk,
  tier: 'security-oncall',
  nextTiers: [],
  deadline: '2026-11-20T12:30:00.000Z',
  history: [{ tier: 'access-approvers', endedAt: '2026-11-20T12:15:00.000Z', because: 'timed_out' as const }],
};
const twoWithCode = { ...approvalAsk, quorum: { approvals: 2, stepUp: 1 } };
const change = {
  kind: 'policy' as const,
  target: 'analyst1',
  proposal: 'Analysts read metrics, and the audit log.',
  proposalDigest: 'sha256:change',
  baseVersion: 3,
};
const changing = askedRow({
  principalId: 'admin',
  reason: 'Analysts are to read the audit log too.',
  subject: undefined,
  change,
  approval: twoWithCode,
  asked: {
    proposalDigest: 'sha256:p',
    basis: 'sha256:rules',
    principalType: 'human',
    persons: ['ada'],
    concerned: ['ana'],
    grants: [],
    diff: '--- in force\n+++ proposed\n@@ -1 +1 @@\n-Analysts read metrics.\n+Analysts read metrics, and the audit log.\n',
  },
});

const issued = { ...decided('READY'), status: 'ISSUED' as const, live: 'live' as const, version: 7 };
const revocation = {
  revokedAt: '2026-11-20T12:20:00.000Z',
  by: 'approver2',
  because: HOSTILE,
  scope: 'session' as const,
};

const { grants: _, ...askedOfCall } = { ...askedRow().asked, risk: undefined, durationSeconds: undefined };
/** The deletion of a table, which waits for somebody. */
const calling = (more: Partial<Parameters<typeof askedRow>[0]> = {}) =>
  askedRow({
    call: heldCall,
    asked: { ...askedOfCall, grants: [] },
    decision: {
      outcome: 'needs_approval',
      reasons: [
        {
          code: 'call_needs_approval',
          call: 'dynamodb:DeleteTable',
          policyIds: heldCall.rules,
          approvals: 1,
          stepUp: 0,
          approvalsSoFar: 0,
        },
      ],
      policyIds: heldCall.rules,
      decidedAt: '2026-11-20T12:00:00.000Z',
    },
    ...more,
  });

const MESSAGES: Record<string, MessageContent> = {
  waiting: factsOf(askedRow()),
  'waiting-for-the-second': factsOf(askedRow({ approval: twoWithCode }), {
    votes: [voteOf('approver1', 'abe', { narrowing: { durationSeconds: 900 }, reason: 'ticket 881 fits' })],
  }),
  'shared-by-three': factsOf(askedRow(), { alike: [`${ANOTHER}H`, `${ANOTHER}J`] }),
  'in-the-second-tier': factsOf(askedRow({ approval: escalated }), { tier: 'security-oncall' }),
  'moved-on': factsOf(askedRow({ approval: escalated })),
  job: factsOf(
    askedRow({
      job: 'correct-charges',
      reason: HOSTILE,
      asked: { ...askedRow().asked, risk: undefined } as never,
    }),
  ),
  references: factsOf(askedRow({ references: ['INC-9', 'OPS-12'] })),
  approved: factsOf(decided('READY'), { votes: [voteOf('approver1', 'abe')] }),
  'approved-with-less': factsOf(
    decided('READY', {
      entitlement: {
        ...entitlement,
        grants: [{ resource: 'bank_balances', actions: ['dynamodb:GetItem'] }],
        durationSeconds: 900,
      },
    }),
    {
      votes: [
        voteOf('approver1', 'abe', {
          stepUp: true,
          narrowing: {
            grants: [{ resource: 'bank_balances', actions: ['dynamodb:GetItem'] }],
            durationSeconds: 900,
            windowSeconds: 3600,
          },
        }),
      ],
    },
  ),
  issued: factsOf(issued, { votes: [voteOf('approver1', 'abe')] }),
  'issued-seen-from-the-first-tier': factsOf({ ...issued, approval: escalated }),
  revoked: factsOf({ ...issued, live: undefined, revocation }, { votes: [voteOf('approver1', 'abe')] }),
  denied: factsOf(askedRow({ status: 'DENIED', closedBecause: 'approval_denied', version: 4 }), {
    votes: [voteOf('approver1', 'abe', { decision: 'deny', reason: 'Not without the ticket.' })],
  }),
  cancelled: factsOf(askedRow({ status: 'CANCELLED' })),
  expired: factsOf(askedRow({ status: 'EXPIRED' })),
  failed: factsOf(askedRow({ status: 'FAILED', closedBecause: 'states_timeout' })),
  change: factsOf(changing),
  call: factsOf(calling()),
  'call-approved': factsOf(
    calling({ status: 'ALLOWED', seal: { mac: 'bWFj', expiresAt: '2026-11-20T12:31:00.000Z' } }),
    { votes: [voteOf('approver1', 'abe')] },
  ),
  'call-hostile': factsOf(
    calling({
      call: {
        ...heldCall,
        needs: Array.from({ length: 12 }, (_, place) => ({
          action: 's3:DeleteObject',
          on: `arn:aws:s3:::drafts/${HOSTILE}\u202E${place}`,
        })),
        parameters: JSON.stringify({ Bucket: 'drafts', Key: `${HOSTILE}\u202E\n*fine*`.repeat(90) }),
        body: { bytes: 5, sha256: 'a'.repeat(64) },
      },
    }),
  ),
  hostile: factsOf(
    askedRow({
      reason: `${HOSTILE}\u202Egnp.exe`,
      decision: { ...askedRow().decision, reviewSummary: HOSTILE } as never,
    }),
    { votes: [voteOf('approver1', 'abe', { reason: HOSTILE })] },
  ),
};

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

test.each(Object.entries(MESSAGES))('the message: %s', async (name, facts) => {
  await expect(json(approvalMessage(facts))).toMatchFileSnapshot(
    `../../cases/slack-views/message-${name}.json`,
  );
});

test.each([
  ['code', codeModal(factsOf(askedRow({ approval: twoWithCode })), METADATA)],
  [
    'code-of-the-last',
    codeModal(
      factsOf(askedRow({ approval: twoWithCode }), { votes: [voteOf('approver1', 'abe')] }),
      METADATA,
    ),
  ],
  ['narrow', narrowModal(factsOf(askedRow()), METADATA)],
  ['deny-reason', denyReasonModal(factsOf(askedRow()), METADATA)],
  ['revoke', revokeModal(factsOf(issued), METADATA)],
  ['details', detailsModal(factsOf(askedRow(), { votes: [voteOf('approver1', 'abe')] }))],
  ['details-of-a-change', detailsModal(factsOf(changing))],
  ['details-of-a-call', detailsModal(MESSAGES['call-hostile'] as MessageContent)],
  ['answer', answerModal('This request is not known here. Nothing was changed.')],
])('the modal: %s', async (name, modal) => {
  expect(modalSchema.safeParse(modal).error).toBeUndefined();
  await expect(json(modal)).toMatchFileSnapshot(`../../cases/slack-views/modal-${name}.json`);
});

/** Every object within, at any depth. */
function objectsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(objectsIn)];
}

test('nothing that a message shows is read as markup, and the headline is nobody’s words', () => {
  const { blocks, text } = approvalMessage(MESSAGES.hostile as MessageContent);
  const objects = objectsIn(blocks);
  expect(objects.filter(({ type }) => type === 'mrkdwn')).toEqual([]);
  const links = objects.filter(({ type }) => type === 'link').map(({ url }) => url);
  expect(links).toEqual(['http://127.0.0.1:4780/executions/x']);
  const shown = objects.flatMap((it) => (typeof it.text === 'string' ? it.text : []));
  expect(shown.filter((words) => words.includes(HOSTILE))).toHaveLength(3);
  expect(shown.join('')).not.toMatch(/\u202E/);
  expect(text).not.toContain('evil.example');
  expect(shown[0]).toBe('customer_support_agent wants to WRITE bank_balances for 30 min');
});

test('a call’s names and parameters are shown as they are, bounded, and as no markup', () => {
  const { blocks, text } = approvalMessage(MESSAGES['call-hostile'] as MessageContent);
  const objects = objectsIn(blocks);
  expect(objects.filter(({ type }) => type === 'mrkdwn')).toEqual([]);
  const shown = objects.flatMap((it) => (typeof it.text === 'string' ? it.text : [])).join('\n');
  expect(shown).not.toMatch(/\u202E/);
  expect(shown).toContain('\\u{202E}');
  expect(shown).toContain('and 4 more; Details shows all');
  expect(shown).toContain('cut here; Details shows the whole');
  expect(text).not.toMatch(/<!channel>/);
  const actions = objects.flatMap(({ action_id: action }) => action ?? []);
  expect(actions).toEqual(['approve', 'deny', 'details']);
});

test.each(Object.entries(MESSAGES))('Slack takes the message: %s', (_, facts) => {
  expect(messageBlocksSchema.safeParse(approvalMessage(facts).blocks).error).toBeUndefined();
});

test('the same facts draw the same message', () => {
  for (const facts of Object.values(MESSAGES)) {
    expect(approvalMessage(structuredClone(facts))).toEqual(approvalMessage(facts));
  }
});

test('a message has buttons only while its tier is asked, or a session of its tier stands', () => {
  const hasButtons = Object.entries(MESSAGES).flatMap(([name, facts]) =>
    approvalMessage(facts).blocks.some(({ type }) => type === 'actions') ? [name] : [],
  );
  expect(hasButtons.sort()).toEqual(
    [
      'call',
      'call-hostile',
      'change',
      'hostile',
      'in-the-second-tier',
      'issued',
      'job',
      'references',
      'shared-by-three',
      'waiting',
      'waiting-for-the-second',
    ].sort(),
  );
});

test('Details shows all of the longest proposal, reason and policy, and Slack takes it', () => {
  const hidden = '\u200B'.repeat(1_990);
  const long = `${'x'.repeat(16_370)}the end`;
  const facts = factsOf({
    ...changing,
    reason: `${hidden}the last words`,
    change: { ...change, proposal: long },
  });
  const modal = detailsModal(facts);
  expect(modalSchema.safeParse(modal).error).toBeUndefined();
  const shown = objectsIn(modal.blocks).flatMap((it) => (typeof it.text === 'string' ? it.text : []));
  expect(shown.join('')).toContain(long);
  expect(shown.join('')).toContain('the last words');
  expect(JSON.stringify(modal).length).toBeLessThan(250_000);
});

test('whatever its order, a proposed principal is read by what decides first', () => {
  const { groups, ...others } = ofBank('employee1');
  const padded = {
    ...others,
    awsPrincipals: Array(20).fill(`arn:aws:iam::123456789012:role/${'x'.repeat(100)}`),
  };
  const proposal = JSON.stringify({ ...padded, groups: [...groups, 'admins'] });
  const changed = readableProposal({ kind: 'principal', proposal });
  const diff = diffOf(principalText(ofBank('employee1')), changed);
  expect(diff).toContain('cut here');
  expect(diff).toContain('+    "admins"');
  expect(JSON.parse(changed)).toEqual(JSON.parse(proposal));
});

test('the largest message is within what Slack takes', () => {
  const resources = [...factsOf(askedRow()).wording.catalog.keys()];
  const grants = Array.from({ length: 20 }, (_, index) => ({
    resource: resources[index % resources.length] ?? '',
    actions: Array.from({ length: 15 }, (__, action) => `dynamodb:VeryLongActionNameNumber${action}`),
  }));
  const asked = { ...askedRow().asked, grants, diff: 'x'.repeat(2_500) };
  const { blocks, text } = approvalMessage(
    factsOf(askedRow({ reason: '<'.repeat(2_000), asked }), { votes: [] }),
  );
  expect(blocks.length).toBeLessThanOrEqual(50);
  expect(text.length).toBeLessThan(4_000);
  expect(JSON.stringify(blocks).length).toBeLessThan(40_000);
});
