import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { makePasskeyUses } from '../../../lambdas/shared/adapters/tables/passkey-uses-table.ts';
import { ballotDigestOf } from '../../../lambdas/shared/domain/approvals/ballot.ts';
import { challengeOf, type Passkey } from '../../../lambdas/shared/domain/approvals/passkey.ts';
import { passkeyPlaceOf } from '../../../lambdas/shared/domain/approvals/passkey-place.ts';
import type { PasskeyUse } from '../../../lambdas/shared/domain/approvals/passkey-use.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import { countableVotes } from '../../../lambdas/tally-votes/countable-votes.ts';
import { proveVotes } from '../../../lambdas/tally-votes/prove-votes.ts';
import { ofBank } from '../../support/bank.ts';
import { makePasskey, ORIGIN } from '../../support/make-passkey.ts';

const REQUEST_ID = 'employee1-01K0000000000000000000000B';
const OTHER_ID = 'employee1-01K0000000000000000000000A';
const key = makePasskey();
const NOW = new Date('2026-11-20T12:30:00.000Z');

const usesKept = () => {
  const kept = new Map<string, PasskeyUse>();
  return {
    last: async ({ id }: Passkey) => kept.get(id),
    async keep({ id }: Passkey, use: PasskeyUse, before: PasskeyUse | undefined) {
      if (kept.get(id) !== before) return false;
      kept.set(id, use);
      return true;
    },
  };
};

/** A vote as cast-vote stores it, of a press on a request. */
function cast(
  more: Partial<Vote> & { counter?: number; requestId?: string } = {},
  press: Parameters<typeof key.press>[1] = {},
): Vote {
  const { counter = 0, requestId = REQUEST_ID, ...rest } = more;
  const vote: Vote = {
    decision: 'approve',
    principalId: 'approver1',
    person: 'abe',
    tier: 'access-approvers',
    proposalDigest: 'sha256:p',
    votedAt: '2026-11-20T12:00:00.000Z',
    stepUp: true,
    basis: 'sha256:rules',
    ...rest,
  };
  const proved = { ...vote, assertion: key.press({ ...vote, requestId }, { counter, ...press }) };
  return { ...proved, ballotDigest: ballotDigestOf(requestId, proved) };
}

async function tally(
  votes: readonly Vote[],
  {
    passkeys = [key.passkey],
    uses = usesKept(),
    requestId = REQUEST_ID,
    now = NOW,
  }: {
    passkeys?: Passkey[] | undefined;
    uses?: Parameters<typeof proveVotes>[3]['passkeyUses'];
    requestId?: string;
    now?: Date;
  } = {},
) {
  const voters = new Map<string, Principal | undefined>([
    ['approver1', { ...ofBank('approver1'), passkeys }],
    ['approver2', ofBank('approver2')],
  ]);
  const ports = { passkeyPlace: () => passkeyPlaceOf(ORIGIN), passkeyUses: uses };
  const proofs = await proveVotes(requestId, votes, voters, ports);
  const tier = {
    name: 'access-approvers',
    approverGroup: 'approvers',
    channel: '#a',
    timeoutSeconds: 60,
    ownersOnly: false,
  };
  const { votes: counted, discounted } = countableVotes(votes, {
    requestId,
    voters,
    proofs,
    requester: ofBank('employee1'),
    concerned: [],
    approvals: { version: 1, tiers: [tier] },
    basis: 'sha256:rules',
    now,
  });
  return {
    counted: counted.map(({ principalId, stepUp }) => `${principalId} ${stepUp}`),
    because: discounted.map(({ because }) => because),
  };
}
const COUNTS = { counted: ['approver1 true'], because: [] };
const refused = (because: string) => ({ counted: [], because: [because] });

test('a vote that its passkey proves counts, with a second factor', async () => {
  expect(await tally([cast()])).toEqual(COUNTS);
  expect(await tally([cast({ decision: 'deny' })])).toEqual(COUNTS);
});

test('nobody is believed who stored it: what does not prove it counts for nothing', async () => {
  expect(await tally([cast({}, { origin: 'https://evil.example' })])).toEqual(refused('passkey_refused'));
  expect(await tally([cast({}, { verified: false })])).toEqual(refused('passkey_refused'));
});

test('altered after the press, its digest made anew, it counts for nothing', async () => {
  const vote = cast({ narrowing: { durationSeconds: 900 } });
  for (const more of [
    { narrowing: undefined },
    { narrowing: { durationSeconds: 3600 } },
    { narrowing: { durationSeconds: 900, windowSeconds: 3600 } },
    { decision: 'deny' as const },
    { proposalDigest: 'sha256:other' },
  ]) {
    const altered = { ...vote, ...more };
    const forged = { ...altered, ballotDigest: ballotDigestOf(REQUEST_ID, altered) };
    expect(await tally([forged])).toEqual(refused('passkey_refused'));
  }
});

test('moved to another request, or to another voter, it counts for nothing', async () => {
  const moved = cast({ requestId: OTHER_ID });
  const forged = { ...moved, ballotDigest: ballotDigestOf(REQUEST_ID, moved) };
  expect(await tally([forged])).toEqual(refused('passkey_refused'));
  const other = { ...cast(), principalId: 'approver2', person: 'bea' };
  const asAnother = { ...other, ballotDigest: ballotDigestOf(REQUEST_ID, other) };
  expect(await tally([asAnother])).toEqual(refused('passkey_unknown'));
});

test('without what proves it, it is another ballot, and no vote with a code', async () => {
  const { assertion: _, ...bare } = cast();
  expect(await tally([bare])).toEqual(refused('ballot_changed'));
});

test('a passkey that was given up proves nothing, an earlier vote for a window included', async () => {
  expect(await tally([cast()], { passkeys: [] })).toEqual(refused('passkey_unknown'));
  const window = { ...cast({ requestId: OTHER_ID, narrowing: { windowSeconds: 3600 } }), windowOf: OTHER_ID };
  expect(await tally([window])).toEqual(COUNTS);
  expect(await tally([window], { passkeys: [] })).toEqual(refused('passkey_unknown'));
});

test('a window ends when it was pressed to end', async () => {
  const window = { ...cast({ requestId: OTHER_ID, narrowing: { windowSeconds: 1200 } }), windowOf: OTHER_ID };
  expect(await tally([window])).toEqual(refused('window_over'));
  const longer = { ...window, narrowing: { windowSeconds: 7200 } };
  const forged = { ...longer, ballotDigest: ballotDigestOf(OTHER_ID, longer) };
  expect(await tally([forged])).toEqual(refused('passkey_refused'));
});

test('a vote that nobody looked at is not proved', async () => {
  const vote = cast();
  const proofs = new Map();
  const voters = new Map([['approver1', { ...ofBank('approver1'), passkeys: [key.passkey] }]]);
  const tier = {
    name: 'access-approvers',
    approverGroup: 'approvers',
    channel: '#a',
    timeoutSeconds: 60,
    ownersOnly: false,
  };
  const { discounted } = countableVotes([vote], {
    requestId: REQUEST_ID,
    voters,
    proofs,
    requester: ofBank('employee1'),
    concerned: [],
    approvals: { version: 1, tiers: [tier] },
    basis: 'sha256:rules',
    now: NOW,
  });
  expect(discounted).toEqual([{ principalId: 'approver1', because: 'passkey_refused' }]);
});

describe('the counter of an authenticator', () => {
  const later = { votedAt: '2026-11-20T12:10:00.000Z' };

  test('lets one vote be tallied as often as it is looked at', async () => {
    const uses = usesKept();
    const vote = cast({ counter: 5 });
    expect(await tally([vote], { uses })).toEqual(COUNTS);
    expect(await tally([vote], { uses })).toEqual(COUNTS);
  });

  test.each([
    ['goes on', 6, COUNTS],
    ['stands still', 5, refused('passkey_counter')],
    ['goes back', 4, refused('passkey_counter')],
    ['is gone', 0, refused('passkey_counter')],
  ])('that %s: a later vote of it', async (_, counter, found) => {
    const uses = usesKept();
    await tally([cast({ counter: 5, requestId: OTHER_ID })], { uses, requestId: OTHER_ID });
    expect(await tally([cast({ ...later, counter })], { uses })).toEqual(found);
  });

  test('does not stand in the way of an earlier vote that is tallied later', async () => {
    const uses = usesKept();
    await tally([cast({ ...later, counter: 6, requestId: OTHER_ID })], { uses, requestId: OTHER_ID });
    expect(await tally([cast({ counter: 5 })], { uses })).toEqual(COUNTS);
  });

  test('that another tally advanced meanwhile is read anew', async () => {
    const uses = usesKept();
    let raced = false;
    const racing = {
      ...uses,
      async keep(...use: Parameters<typeof uses.keep>) {
        if (raced) return uses.keep(...use);
        raced = true;
        await uses.keep(
          use[0],
          { counter: 9, votedAt: later.votedAt, ballotDigest: 'sha256:other' },
          undefined,
        );
        return uses.keep(...use);
      },
    };
    expect(await tally([cast({ counter: 5 })], { uses: racing })).toEqual(COUNTS);
    expect((await uses.last(key.passkey))?.counter).toBe(9);
  });

  test('is of its key: whoever enrols another key by the same id counts for themselves alone', async () => {
    const table = new Map<string, Record<string, unknown>>();
    const client = {
      async send({ input }: { input: { Key?: { requestId: string }; Item?: { requestId: string } } }) {
        if (input.Item) table.set(input.Item.requestId, input.Item);
        return { Item: table.get(input.Key?.requestId ?? '') };
      },
    } as unknown as DynamoDBDocumentClient;
    const uses = makePasskeyUses({ client, tableName: 'approvals' });
    const foreign = makePasskey('Another key');
    const passkey = { ...foreign.passkey, id: key.passkey.id };
    const voter = { principalId: 'approver2', person: 'bea' };
    const pressed = cast({ ...voter, counter: 5 });
    const assertion = {
      ...foreign.press({ ...pressed, requestId: OTHER_ID }, { counter: 0xffff_ffff }),
      credentialId: passkey.id,
    };
    const ports = { passkeyPlace: () => passkeyPlaceOf(ORIGIN), passkeyUses: uses };
    const proofs = await proveVotes(
      OTHER_ID,
      [{ ...pressed, assertion }],
      new Map([['approver2', { ...ofBank('approver2'), passkeys: [passkey] }]]),
      ports,
    );
    expect([...proofs.values()]).toEqual(['proved']);
    expect(await tally([cast({ ...later, counter: 6 })], { uses })).toEqual(COUNTS);
    expect(await tally([cast({ votedAt: '2026-11-20T12:20:00.000Z', counter: 6 })], { uses })).toEqual(
      refused('passkey_counter'),
    );
  });

  test('that keeps changing is a failure, and no vote', async () => {
    const uses = { last: async () => undefined, keep: async () => false };
    const ports = { passkeyPlace: () => passkeyPlaceOf(ORIGIN), passkeyUses: uses };
    const voters = new Map([['approver1', { ...ofBank('approver1'), passkeys: [key.passkey] }]]);
    await expect(proveVotes(REQUEST_ID, [cast({ counter: 5 })], voters, ports)).rejects.toMatchObject({
      name: 'DependencyUnavailable',
    });
  });
});

test('what is signed names all that is decided', () => {
  const pressed = { ...cast(), requestId: REQUEST_ID };
  expect(challengeOf(pressed, 'a')).not.toBe(challengeOf(pressed, 'b'));
  expect(challengeOf(pressed, 'a')).toMatch(/^[A-Za-z0-9_-]{43}$/);
});
