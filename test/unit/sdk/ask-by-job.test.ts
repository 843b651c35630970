import { expect, it } from 'vitest';
import { whatBy } from '../../../clients/cli/ask-for-session.ts';
import { jobKeyOf, makeMemoryHandles } from '../../../clients/sdk/request-handles.ts';
import { takeUpOrAsk } from '../../../clients/sdk/take-up-request.ts';

const asking = { endpoint: 'https://broker.example', caller: 'AKIAEXAMPLE' };

it('goes on with a request only where the job is the same, and a reason that reads like its name is another', () => {
  const names = [
    { job: 'nightly-report' },
    { job: 'weekly-report' },
    { reason: 'nightly-report' },
    { job: 'nightly-report', reason: 'It broke off last night' },
    { job: 'nightly-report', references: ['OPS-12'] },
    { job: 'nightly-report', references: ['OPS-12', 'OPS-13'] },
  ].map((wanted) => jobKeyOf({ ...asking, ...wanted }));
  expect(new Set(names).size).toBe(names.length);
  expect(jobKeyOf({ ...asking, job: 'nightly-report' })).toBe(names[0]);
  expect(jobKeyOf({ ...asking, job: 'nightly-report', references: ['OPS-13', 'OPS-12'] })).toBe(names[5]);
});

it('sends the name, and no reason where there is none', async () => {
  const sent: object[] = [];
  const broker = {
    createRequest: async (body: object) => {
      sent.push(JSON.parse(JSON.stringify(body)));
      return { requestId: 'analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G', status: 'PENDING' } as never;
    },
    getRequest: async () => {
      throw new Error('not looked at');
    },
  };
  await takeUpOrAsk({ job: 'nightly-report' }, { broker, handles: makeMemoryHandles(), job: 'key' });
  const references = ['OPS-12'];
  await takeUpOrAsk(
    { job: 'nightly-report', references },
    { broker, handles: makeMemoryHandles(), job: 'key' },
  );
  expect(sent).toEqual([{ job: 'nightly-report' }, { job: 'nightly-report', references }]);
});

it('of the command line takes a reason or a job, and says so where there is neither', () => {
  expect(whatBy({ job: 'nightly-report' })).toEqual({ job: 'nightly-report', reason: undefined });
  expect(whatBy({ reason: 'The weekly report' })).toEqual({ reason: 'The weekly report' });
  expect(() => whatBy({})).toThrow(/--reason.*--job/);
});
