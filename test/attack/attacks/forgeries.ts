import assert from 'node:assert/strict';
import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { makeRecipientKeyPair } from '../../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import { until } from '../../support/start-cloud.ts';
import type { Attack } from '../attack.ts';
import { REASON } from '../start-stage.ts';

const REFUSED_BODIES: readonly [string, string | Uint8Array<ArrayBuffer>, string][] = [
  ['bytes that are no UTF-8', Uint8Array.from([...Buffer.from('{"reason":"'), 0xc3, 0x28, 0x22, 0x7d]), ''],
  ['another reason than the signed one', JSON.stringify({ reason: `${REASON} And more.` }), ''],
  ['no body', '', ''],
];

/** Tokens that no issuer made, of one that it did make. */
function forgedFrom(token: string): string[] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const another = encode({ ...claims, sub: 'c-2077' });
  return [
    `${encode({ alg: 'none' })}.${payload}.`,
    `${encode({ alg: 'none' })}.${another}.${signature}`,
    `${header}.${another}.${signature}`,
    `${header}.${encode({ ...claims, exp: 4_000_000_000 })}.${signature}`,
    `${header}.${encode({ ...claims, iss: 'https://evil.example' })}.${signature}`,
    `${header}.${payload}.${signature.split('').reverse().join('')}`,
    `${token}\n`,
    `${token}ö`,
  ];
}

export const FORGERIES: readonly Attack[] = [
  {
    kind: 'forgery',
    what: 'a signed call whose body was changed on its way, or is no text',
    async play({ overhear, replay }) {
      for (const [what, body] of REFUSED_BODIES) {
        const answer = await replay(await overhear('analyst1', '/requests', { reason: REASON }), { body });
        assert.ok([400, 403].includes(answer.status), `${what}: ${answer.status}`);
      }
      return REFUSED_BODIES.length;
    },
  },
  {
    kind: 'forgery',
    what: "another principal reads, claims, cancels or revokes somebody's request: it does not exist for them",
    async play({ cloud, ready }) {
      const path = `/requests/${await ready()}`;
      let tries = 0;
      for (const id of ['employee1', 'admin', 'customer_support_agent']) {
        const call = cloud.as(id);
        const answers = [
          await call('GET', path),
          await call('POST', `${path}/credentials`, {}),
          await call('POST', `${path}/cancel`, {}),
        ];
        for (const { status } of answers) assert.equal(status, 404, `${id} was answered ${status}`);
        tries += answers.length;
      }
      return tries;
    },
  },
  {
    kind: 'forgery',
    what: 'subject tokens that no issuer made',
    async play({ cloud }) {
      const forged = forgedFrom(await cloud.subjectToken('c-1042'));
      for (const subjectToken of forged) {
        const body = { reason: 'Show the customer her balance.', subjectToken };
        const { status } = await cloud.as('customer_support_agent')('POST', '/requests', body);
        assert.ok([400, 401].includes(status), `a forged token was answered ${status}`);
      }
      return forged.length;
    },
  },
  {
    kind: 'forgery',
    what: 'a body that chooses its own grants',
    async play({ cloud }) {
      const fields = ['resource', 'actions', 'userId', 'isStaff'];
      for (const field of fields) {
        for (const path of ['/requests', '/credentials']) {
          const { body } = await cloud.as('analyst1')('POST', path, { reason: REASON, [field]: 'any' });
          assert.equal(body.code, 'grant_not_selectable');
        }
      }
      return fields.length * 2;
    },
  },
  {
    kind: 'forgery',
    what: "a wait for a claim completed by the front door's role, with a key of its own: ends the request, gives nothing",
    async play({ cloud, ready, rowOf }) {
      const requestId = await ready();
      const { claimToken } = await rowOf(requestId);
      const { publicKey } = await makeRecipientKeyPair();
      const output = JSON.stringify({ recipientKey: publicKey });
      await cloud.stepFunctions.send(new SendTaskSuccessCommand({ taskToken: claimToken, output }));
      const ended = await until(
        () => rowOf(requestId),
        ({ status }) => status !== 'READY',
      );
      assert.equal(ended.status, 'FAILED');
      assert.deepEqual([ended.session, ended.issuing], [undefined, undefined]);
      const claim = await cloud.as('analyst1')('POST', `/requests/${requestId}/credentials`, {});
      assert.equal('credentials' in claim.body, false);
      return 1;
    },
  },
  {
    kind: 'forgery',
    what: 'votes planted in the table, whole and broken: none counts, none stops the request',
    async play({ cloud, rowOf }) {
      const employee = cloud.as('employee1');
      const asked = await employee('POST', '/requests?wait=20', { reason: 'The case at hand, c-1042.' });
      const requestId = String(asked.body.requestId);
      const { asked: shown } = await until(
        () => rowOf(requestId),
        (row) => row.status === 'AWAITING_APPROVAL' && row.asked !== undefined,
      );
      const vote = {
        decision: 'approve',
        principalId: 'approver1',
        person: 'abe',
        tier: 'access-approvers',
        proposalDigest: shown?.proposalDigest,
        basis: shown?.basis,
        votedAt: new Date().toISOString(),
        stepUp: true,
      };
      const planted = [
        {},
        { ballotDigest: 'sha256:of-another' },
        { narrowing: { windowSeconds: 1e9 } },
        { narrowing: { windowSeconds: 0.5 } },
        { narrowing: { durationSeconds: 900.5 } },
        { votedAt: 'yesterday' },
        { decision: 'maybe' },
      ];
      for (const [index, changed] of planted.entries()) {
        const item = `vote#${vote.proposalDigest}#planted-${index}`;
        const Item = { requestId, item, ttl: 4_000_000_000, ...vote, ...changed };
        await cloud.database.send(new PutCommand({ TableName: 'postern_approvals', Item }));
      }
      assert.equal((await employee('GET', `/requests/${requestId}`)).body.status, 'AWAITING_APPROVAL');
      const again = await employee('POST', '/requests?wait=20', { reason: 'The case at hand, c-1042.' });
      assert.equal(again.body.status, 'AWAITING_APPROVAL');
      for (const id of [requestId, again.body.requestId])
        assert.equal((await employee('POST', `/requests/${id}/cancel`, {})).status, 200);
      return planted.length;
    },
  },
];
