import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { readWording } from '../../../lambdas/shared/messages/read-wording.ts';
import type { SlackAppPorts } from '../../../slack-app/app.ts';
import { serveEvents } from '../../../slack-app/serve-events.ts';
import { NOT_FINISHED, UNKNOWN_USER, voteAnswer } from '../../../slack-app/views/vote-answer.ts';
import { approvalAsk, askedRow, voteOf } from '../../support/asked-row.ts';
import { ofBank } from '../../support/bank.ts';
import { NOW } from '../../support/example-state.ts';
import {
  messageOf,
  newWorld,
  portsOver,
  SIGNING_SECRET,
  type SlackWorld,
  signedCall,
} from './slack-world.ts';

let world: SlackWorld;
/** What the app was told to show: with which trigger, to whom, what. */
let shown: unknown[];
let ports: SlackAppPorts;
beforeEach(() => {
  world = newWorld();
  shown = [];
  ports = portsOver(world);
  ports = {
    ...ports,
    slack: {
      ...ports.slack,
      async openModal(triggerId, view) {
        shown.push({
          triggerId,
          view: view.callback_id,
          metadata: view.private_metadata,
          text: JSON.stringify(view),
        });
      },
      async whisper(to, text) {
        shown.push({ ...to, text });
      },
    },
  };
});

const TARGET = {
  requestId: askedRow().requestId,
  tier: 'access-approvers',
  proposalDigest: 'sha256:p',
};
const TRIGGER = { press: '13345224609.738474920.8088930838d88f008e0', command: '13345224609.738474920.9' };

/** Sends a recorded event, altered, and answers what Slack is answered. */
async function send(name: string, alter: (payload: Record<string, never>) => unknown = (it) => it) {
  const { contentType, body } = JSON.parse(readFileSync(`test/cases/events/${name}.json`, 'utf8'));
  const fields = new URLSearchParams(body);
  const payload = fields.get('payload');
  if (payload === null)
    for (const [key, value] of Object.entries(alter({} as never) as object)) fields.set(key, value);
  else {
    const sent = JSON.parse(payload);
    fields.set('payload', JSON.stringify(alter(sent) ?? sent));
  }
  const answer = await serveEvents(ports, async () => SIGNING_SECRET)(signedCall(contentType, `${fields}`));
  const { statusCode, body: answered } = answer as { statusCode: number; body: string };
  return { statusCode, answer: answered === '' ? undefined : JSON.parse(answered) };
}
/** The same, where a modal's field holds this. */
const submit = (name: string, field: string, value: unknown) =>
  send(name, (sent: { view?: { state: { values: Record<string, unknown> } } }) => {
    if (sent.view) sent.view.state.values[field] = { value: { type: 'plain_text_input', value } };
    return sent;
  });
const modalOf = ({ answer }: { answer: unknown }) => JSON.stringify(answer);
const whisper = (userId: string, text: unknown) => ({ channelId: 'C0ACCESS', userId, text });
const UNKNOWN_REQUEST = voteAnswer({ kind: 'unknown_request' }, { tiers: [] });
const codeAsked = { ...approvalAsk, quorum: { approvals: 2, stepUp: 1 } };

describe('Details', () => {
  test('opens what the decision rests on, with the trigger of the press', async () => {
    await send('details');
    expect(shown).toEqual([
      expect.objectContaining({ triggerId: TRIGGER.press, text: expect.stringContaining('bank_balances') }),
    ]);
  });

  test('of a request with no message of its own opens the request', async () => {
    ports = { ...ports, messages: { ...ports.messages, ofRequest: async () => undefined } };
    await send('details');
    expect(shown).toEqual([expect.objectContaining({ text: expect.stringContaining(world.row.reason) })]);
  });

  test('of a shared message says which others it answers', async () => {
    const other = { ...world.row, requestId: `${world.row.requestId.slice(0, -1)}H` };
    const both = { ...messageOf(world.row), requestIds: [world.row.requestId, other.requestId] };
    ports = {
      ...ports,
      requests: { get: async (id) => [world.row, other].find(({ requestId }) => requestId === id) },
      messages: {
        ...ports.messages,
        ofRequest: async (requestId, tier) =>
          requestId === TARGET.requestId && tier === TARGET.tier ? both : undefined,
      },
    };
    await send('details');
    expect(shown).toEqual([expect.objectContaining({ text: expect.stringContaining(other.requestId) })]);
  });

  test('of a request that is gone says so', async () => {
    ports = { ...ports, requests: { get: async () => undefined } };
    await send('details');
    expect(shown).toEqual([whisper('U0EMPLOYEE1', UNKNOWN_REQUEST)]);
  });
});

describe('Approve', () => {
  test('opens the modal for the code that is missing, about just this request', async () => {
    world.row = askedRow({ approval: codeAsked });
    await send('approve');
    expect(shown).toEqual([
      expect.objectContaining({
        triggerId: TRIGGER.press,
        view: 'approve_with_code',
        metadata: JSON.stringify(TARGET),
      }),
    ]);
    expect(world.effects).toEqual([]);
  });

  test('asks nobody for a code whose vote could not count', async () => {
    world.row = askedRow({ approval: codeAsked });
    await send('approve-outside-the-group');
    expect(shown).toEqual([whisper('U0ANALYST1', expect.stringMatching(/^Your vote does not count/))]);
    expect(world.logs).toEqual([
      { event: 'vote refused', ...TARGET, userId: 'U0ANALYST1', because: 'refused' },
    ]);
  });

  test('is logged by ids alone', async () => {
    await send('approve');
    expect(world.logs).toEqual([
      { event: 'voted', ...TARGET, principalId: 'approver1', decision: 'approve' },
    ]);
  });
});

describe('a code', () => {
  test('is taken with blanks around it, and the vote is told where it was asked for', async () => {
    await submit('submit-code', 'code', ' 035447 ');
    expect(world.effects[0]).toBe('vote {"decision":"approve","principalId":"approver2","stepUp":true}');
    expect(shown).toEqual([whisper('U0APPROVER2', expect.stringContaining('is recorded: 1 of 1'))]);
  });

  test('left empty is a vote without a code', async () => {
    const { answer } = await submit('submit-code', 'code', '  ');
    expect(answer).toBeUndefined();
    expect(world.effects[0]).toBe('vote {"decision":"approve","principalId":"approver2","stepUp":false}');
  });

  test('that is wrong is said at its field, logged without it, and casts no vote', async () => {
    const { answer } = await submit('submit-code', 'code', '000000');
    expect(answer).toEqual({
      response_action: 'errors',
      errors: { code: 'This code is wrong. Enter the one that your authenticator shows now.' },
    });
    expect(world.effects).toEqual([]);
    expect(world.logs).toEqual([
      { event: 'code refused', ...TARGET, userId: 'U0APPROVER2', because: 'wrong' },
    ]);
  });

  test('of somebody whose vote cannot count is not looked at', async () => {
    world.row = askedRow({ status: 'DENIED' });
    ports = { ...ports, stepUpSecret: () => Promise.reject(new Error('a code was looked at')) };
    const answered = await submit('submit-code', 'code', '035447');
    expect(modalOf(answered)).toContain('This request was denied');
    expect(world.logs).toEqual([
      { event: 'vote refused', ...TARGET, userId: 'U0APPROVER2', because: 'closed' },
    ]);
  });

  test('with a second vote answers in the modal that the first one stays', async () => {
    const first = voteOf('approver2', 'bea');
    ports = {
      ...ports,
      approvals: { ...ports.approvals, putVote: async () => false, listVotes: async () => [first] },
    };
    expect(modalOf(await submit('submit-code', 'code', '035447'))).toContain(
      'You have voted on this already',
    );
    expect(shown).toEqual([]);
  });

  test('counts where the message is gone, and nobody is told', async () => {
    ports = { ...ports, messages: { ...ports.messages, ofRequest: async () => undefined } };
    expect(await submit('submit-code', 'code', '035447')).toEqual({ statusCode: 200, answer: undefined });
    expect(world.effects[0]).toMatch(/^vote /);
    expect(shown).toEqual([]);
  });
});

describe('Deny', () => {
  test('ends it, then asks why, about just this request', async () => {
    await send('deny');
    expect(shown).toEqual([
      expect.objectContaining({
        triggerId: TRIGGER.press,
        view: 'deny_reason',
        metadata: JSON.stringify(TARGET),
      }),
      whisper('U0APPROVER1', expect.stringContaining('it is denied')),
    ]);
  });

  test('that changes nothing asks for no reason', async () => {
    world.row = askedRow({ status: 'EXPIRED' });
    await send('deny');
    expect(shown).toEqual([whisper('U0APPROVER1', expect.stringContaining('Your vote changes nothing'))]);
  });

  test('of a request that is gone meanwhile asks for no reason', async () => {
    let looks = 0;
    ports = { ...ports, requests: { get: async () => (looks++ === 0 ? world.row : undefined) } };
    await send('deny');
    expect(shown).toEqual([whisper('U0APPROVER1', expect.stringContaining('it is denied'))]);
  });

  describe('why', () => {
    let told: string[];
    let reasons: unknown[];
    let drawn: number;
    beforeEach(() => {
      told = [];
      reasons = [];
      drawn = 0;
      const { approvals, slack } = ports;
      ports = {
        ...ports,
        approvals: {
          ...approvals,
          async putReason(requestId, vote, reason) {
            reasons.push([requestId, vote, reason]);
            return true;
          },
        },
        slack: {
          ...slack,
          async tell(userId, text) {
            told.push(`${userId}: ${text}`);
          },
          async update() {
            drawn += 1;
          },
        },
      };
    });
    const given = (requestId: string) => [
      requestId,
      { proposalDigest: 'sha256:p', person: 'abe' },
      'Not now.',
    ];

    test('is put to the vote, shown in the message, and told to whoever asked by the command', async () => {
      world.row = askedRow({ slackOrigin: { channelId: 'D0EMMA', userId: 'U0EMMA' } });
      expect(await submit('submit-deny-reason', 'reason', ' Not now. ')).toEqual({
        statusCode: 200,
        answer: undefined,
      });
      expect(reasons).toEqual([given(TARGET.requestId)]);
      expect(told).toEqual([expect.stringMatching(/^U0EMMA: .*Not now\./)]);
      expect(drawn).toBeGreaterThan(0);
    });

    test('is told to whoever asked in another way by the Slack user of their principal', async () => {
      const { principals } = ports;
      ports = {
        ...ports,
        principals: {
          ...principals,
          get: async (id) => {
            const found = await principals.get(id);
            return found && { ...found, slackUserId: `U0OF${id.toUpperCase()}` };
          },
        },
      };
      await submit('submit-deny-reason', 'reason', 'Not now.');
      expect(told).toEqual([expect.stringMatching(/^U0OFCUSTOMER_SUPPORT_AGENT: .*Not now\./)]);
    });

    test('is told to nobody where the requester is not in Slack, or the request is gone', async () => {
      await submit('submit-deny-reason', 'reason', 'Not now.');
      ports = { ...ports, requests: { get: async () => undefined } };
      world.seen.clear();
      await submit('submit-deny-reason', 'reason', 'Not now.');
      expect(reasons).toHaveLength(2);
      expect(told).toEqual([]);
    });

    test('is told once: a vote that has a reason keeps it', async () => {
      world.row = askedRow({ slackOrigin: { channelId: 'D0EMMA', userId: 'U0EMMA' } });
      ports = { ...ports, approvals: { ...ports.approvals, putReason: async () => false } };
      await submit('submit-deny-reason', 'reason', 'Not now.');
      expect(told).toEqual([]);
      expect(drawn).toBeGreaterThan(0);
    });

    test('is put to every request that the message stands for', async () => {
      const other = `${TARGET.requestId.slice(0, -1)}H`;
      const both = { ...messageOf(world.row), requestIds: [TARGET.requestId, other] };
      ports = { ...ports, messages: { ...ports.messages, ofRequest: async () => both } };
      await submit('submit-deny-reason', 'reason', 'Not now.');
      expect(reasons).toEqual([given(TARGET.requestId), given(other)]);
    });

    test('is put to the one request where its message is gone', async () => {
      ports = { ...ports, messages: { ...ports.messages, ofRequest: async () => undefined } };
      await submit('submit-deny-reason', 'reason', 'Not now.');
      expect(reasons).toEqual([given(TARGET.requestId)]);
      expect(drawn).toBe(0);
    });

    test.each([
      ['nothing', ''],
      ['blanks', '   '],
      ['no value', null],
    ])('left as %s closes the modal and changes nothing', async (_, value) => {
      expect(await submit('submit-deny-reason', 'reason', value)).toEqual({
        statusCode: 200,
        answer: undefined,
      });
      expect(reasons).toEqual([]);
    });

    test('of somebody who is no principal changes nothing', async () => {
      ports = { ...ports, principals: { ...ports.principals, findBySlackUser: async () => undefined } };
      expect(await submit('submit-deny-reason', 'reason', 'Not now.')).toEqual({
        statusCode: 200,
        answer: undefined,
      });
      expect(reasons).toEqual([]);
    });

    test('that is too long to be recorded is refused, and said so', async () => {
      const answered = await submit('submit-deny-reason', 'reason', 'x'.repeat(2_900));
      expect(modalOf(answered)).toContain('none that can be recorded');
      expect(reasons).toEqual([]);
    });
  });
});

describe('Revoke', () => {
  const issued: Partial<RequestRow> = {
    status: 'ISSUED',
    live: 'live',
    session: {
      roleArn: 'arn:aws:iam::123456789012:role/postern-brokered',
      assumedRoleId: 'AROAEXAMPLE:session',
      expiration: new Date(NOW.getTime() + 3_600_000).toISOString(),
    } as never,
  };

  test('asks why, about just this request', async () => {
    world.row = askedRow(issued);
    await send('revoke');
    expect(shown).toEqual([
      expect.objectContaining({
        triggerId: TRIGGER.press,
        view: 'revoke_session',
        metadata: JSON.stringify(TARGET),
      }),
    ]);
    expect(world.logs).toEqual([]);
  });

  test.each<[string, string, string, RegExp]>([
    ['revoke-outside-the-group', 'U0EMPLOYEE1', 'not_an_approver', /^Whoever holds the session/],
    ['revoke-suspended', 'U0SUSPENDED1', 'unknown_user', /belongs to no active principal/],
  ])('%s is refused, told and logged', async (name, userId, because, text) => {
    world.row = askedRow(issued);
    await send(name);
    expect(shown).toEqual([whisper(userId, expect.stringMatching(text))]);
    expect(world.logs).toEqual([{ event: 'revocation refused', ...TARGET, userId, because }]);
  });

  test.each([
    ['request', () => ({ requests: { get: async () => undefined } })],
    ['tier', () => ({ wording: () => ({ ...portsOver(world).wording(), tiers: [] }) })],
  ])('of a %s that is gone is refused', async (_, gone) => {
    world.row = askedRow(issued);
    ports = { ...ports, ...gone() } as SlackAppPorts;
    await send('revoke');
    expect(shown).toEqual([whisper('U0APPROVER1', 'This request is not known here. Nothing was changed.')]);
    expect(world.logs).toMatchObject([{ because: 'unknown_request' }]);
  });

  test('of a request that goes while it is looked at opens nothing', async () => {
    world.row = askedRow(issued);
    let looks = 0;
    ports = { ...ports, requests: { get: async () => (looks++ === 0 ? world.row : undefined) } };
    await send('revoke');
    expect(shown).toEqual([whisper('U0APPROVER1', 'This request is not known here. Nothing was changed.')]);
  });

  test('by whom the session was issued to needs no group', async () => {
    world.row = askedRow({ ...issued, principalId: 'employee1' });
    await send('revoke-outside-the-group');
    expect(shown).toEqual([expect.objectContaining({ view: 'revoke_session' })]);
  });

  test('by a member of the tier’s Slack user group is an approver’s', async () => {
    world.row = askedRow(issued);
    const wording = readWording();
    ports = {
      ...ports,
      wording: () => ({
        ...wording,
        tiers: wording.tiers.map((tier) => ({ ...tier, slackUserGroup: 'S0APPROVERS' })),
      }),
      slack: {
        ...ports.slack,
        membersOf: async (group) => (group === 'S0APPROVERS' ? ['U0EMPLOYEE1'] : []),
      },
    };
    await send('revoke-outside-the-group');
    expect(shown).toEqual([expect.objectContaining({ view: 'revoke_session' })]);
  });

  test.each(['', '   ', null])('without a reason (%j) is sent back to its field', async (value) => {
    world.row = askedRow(issued);
    const { answer } = await submit('submit-revocation', 'reason', value);
    expect(answer).toEqual({
      response_action: 'errors',
      errors: { reason: 'Say why: it is recorded, and its requester is shown it.' },
    });
    expect(world.effects).toEqual([]);
  });

  test('with a reason starts, is said in the modal, and logged', async () => {
    world.row = askedRow(issued);
    const answered = await submit('submit-revocation', 'reason', ' The case is closed. ');
    expect(modalOf(answered)).toContain('The session is being ended.');
    expect(world.effects).toEqual([expect.stringContaining('"because":"The case is closed."')]);
    expect(world.logs).toEqual([{ event: 'revocation started', ...TARGET, principalId: 'approver1' }]);
  });

  test('of a session that is over is said in the modal, and logged', async () => {
    world.row = askedRow({
      ...issued,
      session: { ...issued.session, expiration: NOW.toISOString() } as never,
    });
    const answered = await submit('submit-revocation', 'reason', 'The case is closed.');
    expect(modalOf(answered)).toContain('has ended by itself');
    expect(world.logs).toEqual([
      { event: 'revocation refused', ...TARGET, principalId: 'approver1', refusal: 'session_ended' },
    ]);
  });
});

describe('/access', () => {
  const ask = (fields: Record<string, string> = {}) => send('command', () => fields);
  const said = ({ answer }: { answer: { text: string; response_type: string } }) => answer.text;

  test('opens a request once a trigger, for whom Slack signed, and remembers where it was asked', async () => {
    const remembered: string[] = [];
    const created: RequestRow[] = [];
    ports = {
      ...ports,
      opening: {
        ...ports.opening,
        requests: {
          get: async () => undefined,
          async create(row) {
            created.push(row);
            return true;
          },
        },
        idempotency: {
          async remember(key, entry) {
            remembered.push(key);
            return entry;
          },
        },
      },
    };
    const { answer } = await ask();
    expect(answer).toMatchObject({ response_type: 'ephemeral' });
    expect(answer.text).toBe(`Asked: ${created[0]?.requestId}. You are told here how it goes on.`);
    expect(created).toMatchObject([
      {
        principalId: 'employee1',
        dryRun: false,
        slackOrigin: { channelId: 'D0EMMA', userId: 'U0EMPLOYEE1' },
      },
    ]);
    world.seen.clear();
    await ask();
    world.seen.clear();
    await ask({ trigger_id: 'another' });
    expect(remembered[1]).toBe(remembered[0]);
    expect(remembered[2]).not.toBe(remembered[0]);
  });

  test('asks by a job of the person’s, in the job’s words; by no other', async () => {
    const job = {
      purpose: 'Looks up a profile for the case at hand',
      grants: [{ resource: 'bank_customer_profiles', actions: ['dynamodb:GetItem'] }],
      durationSeconds: 900,
      onBehalfOf: 'nobody' as const,
    };
    const created: RequestRow[] = [];
    ports = {
      ...ports,
      principals: {
        ...ports.principals,
        findBySlackUser: async () => ({ ...ofBank('employee1'), jobs: { 'look-up': job } }),
      },
      opening: {
        ...ports.opening,
        requests: {
          get: async () => undefined,
          async create(row) {
            created.push(row);
            return true;
          },
        },
      },
    };
    await ask({ text: 'job:look-up' });
    expect(created).toMatchObject([{ job: 'look-up', reason: job.purpose }]);
    world.seen.clear();
    expect(said(await ask({ text: 'job:look-all', trigger_id: 'another' }))).toContain('no job look-all');
    expect(created).toHaveLength(1);
  });

  test.each(['command-as-agent', 'command-as-stranger'])('%s is refused, and logged by id', async (name) => {
    expect(said(await send(name, () => ({})))).toBe(UNKNOWN_USER);
    expect(world.logs).toEqual([{ event: 'command refused', userId: expect.stringMatching(/^U0/) }]);
  });

  test('of more than 2,000 characters says how many there are', async () => {
    expect(said(await ask({ text: 'x'.repeat(2_001) }))).toMatch(
      /2001 characters, and at most 2000 are taken/,
    );
    world.seen.clear();
    expect(said(await ask({ text: `  ${'x'.repeat(2_000)}  ` }))).toMatch(/^Asked: /);
  });

  test('without a reason says how it is used', async () => {
    expect(said(await ask({ text: '' }))).toMatch(/^Say what you need and why: \/access /);
  });

  test('that is refused says why, in the API’s own words', async () => {
    const { Problem } = await import('../../../lambdas/shared/http/problems.ts');
    const refuse = () => Promise.reject(new Problem('requests_suspended', 'Ask again in an hour.'));
    ports = { ...ports, opening: { ...ports.opening, admit: refuse } };
    expect(said(await ask())).toBe('Ask again in an hour.');
    expect(world.logs).toEqual([]);
  });

  test.each([
    [new TypeError('a secret'), 'TypeError'],
    ['a secret', 'unknown'],
  ])('that fails with %s is told as unfinished, and logged by its name alone', async (thrown, error) => {
    ports = { ...ports, opening: { ...ports.opening, admit: () => Promise.reject(thrown) } };
    expect(said(await ask())).toBe(NOT_FINISHED);
    expect(world.logs).toEqual([{ event: 'command failed', userId: 'U0EMPLOYEE1', error }]);
  });
});

describe('whatever fails', () => {
  test('in a press is told as unfinished, and logged by its name alone', async () => {
    ports = { ...ports, wake: () => Promise.reject(new RangeError('a secret')) };
    await send('approve');
    expect(shown).toEqual([whisper('U0APPROVER1', NOT_FINISHED)]);
    expect(world.logs.at(-1)).toEqual({
      event: 'press failed',
      actionId: 'approve',
      requestId: TARGET.requestId,
      error: 'RangeError',
    });
  });

  test('in a modal is answered there, and logged by its name alone', async () => {
    ports = { ...ports, wake: () => Promise.reject('a secret') };
    expect(modalOf(await submit('submit-code', 'code', '035447'))).toContain(NOT_FINISHED);
    expect(world.logs.at(-1)).toEqual({
      event: 'modal failed',
      callbackId: 'approve_with_code',
      requestId: TARGET.requestId,
      error: 'unknown',
    });
  });

  test('in telling the presser undoes nothing', async () => {
    const { slack } = ports;
    ports = { ...ports, slack: { ...slack, whisper: () => Promise.reject(new TypeError('gone')) } };
    expect((await send('approve')).statusCode).toBe(200);
    expect(world.effects).toEqual([expect.stringMatching(/^vote /), 'woke the-token']);
    expect(world.logs.at(-1)).toEqual({
      event: 'presser not told',
      userId: 'U0APPROVER1',
      error: 'TypeError',
    });
  });

  test.each([
    ['approve-from-another-team', 'press refused', { actionId: 'approve' }],
    ['submit-from-another-team', 'modal refused', { callbackId: 'approve_with_code' }],
    ['approve-forged-value', 'press refused', { actionId: 'approve' }],
    ['submit-forged-metadata', 'modal refused', { callbackId: 'approve_less' }],
  ])('%s is logged by who sent it', async (name, event, more) => {
    await send(name);
    expect(world.logs).toEqual([
      { event, ...more, userId: expect.stringMatching(/^U0/), teamId: expect.stringMatching(/^T0/) },
    ]);
  });
});
