import assert from 'node:assert/strict';
import type { Attack } from '../attack.ts';
import { REASON, times } from '../start-stage.ts';

/** Answers that hold what opens AWS. */
const handedOver = (answers: readonly { body: Record<string, unknown> }[]) =>
  answers.filter(({ body }) => 'credentials' in body).length;

export const REPLAYS: readonly Attack[] = [
  {
    kind: 'replay',
    what: 'an overheard POST /credentials sent again at once and later: one session, opened to one',
    async play({ overhear, replay }, count) {
      const call = await overhear('analyst1', '/credentials?wait=20', { reason: REASON });
      const answers = await times(count, () => replay(call));
      answers.push(await replay(call));
      answers.push(await replay(call, { headers: { 'Idempotency-Key': 'of-the-thief' } }));
      const taken = answers.filter(({ body }) => body.code !== 'signature_used');
      assert.equal(taken.length, 1);
      assert.equal(handedOver(answers), handedOver(taken));
      return answers.length;
    },
  },
  {
    kind: 'replay',
    what: 'an overheard claim sent again: no second answer holds credentials',
    async play({ overhear, ready, replay }, count) {
      const call = await overhear('analyst1', `/requests/${await ready()}/credentials`, {});
      const answers = await times(count, () => replay(call));
      answers.push(await replay(call));
      assert.equal(handedOver(answers), 1);
      return answers.length;
    },
  },
];
