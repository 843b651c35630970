import assert from 'node:assert/strict';
import type { Attack } from '../attack.ts';
import { REASON, times } from '../start-stage.ts';

export const RACES: readonly Attack[] = [
  {
    kind: 'race',
    what: 'one request claimed many times at once: one session, the others are told that it is claimed',
    async play({ cloud, ready }, count) {
      const path = `/requests/${await ready()}/credentials`;
      const answers = await times(count, () => cloud.as('analyst1')('POST', path, {}));
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      assert.equal(answers.filter(({ status }) => status === 409).length, count - 1);
      return count;
    },
  },
  {
    kind: 'race',
    what: 'a claim against a cancellation: one of them wins, and a cancelled request hands out nothing',
    async play({ cloud, ready, rowOf }, count) {
      for (let round = 0; round < count; round += 1) {
        const requestId = await ready();
        const call = (act: string) => cloud.as('analyst1')('POST', `/requests/${requestId}/${act}`, {});
        const [claimed, cancelled] = await Promise.all([call('credentials'), call('cancel')]);
        assert.notEqual(claimed.status === 200, cancelled.status === 200, 'both or neither won');
        if (cancelled.status === 200) assert.equal((await rowOf(requestId)).session, undefined);
      }
      return count;
    },
  },
  {
    kind: 'race',
    what: 'one idempotency key sent many times at once: one request',
    async play({ cloud }, count) {
      const headers = { 'Idempotency-Key': `key-${process.hrtime.bigint()}` };
      const answers = await times(count, () =>
        cloud.as('analyst1')('POST', '/requests', { reason: REASON }, headers),
      );
      assert.equal(new Set(answers.map(({ body }) => body.requestId)).size, 1);
      return count;
    },
  },
];
