import { expect, test } from 'vitest';
import { recordAround, type StepInput } from '../../../lambdas/shared/adapters/audit/record-around.ts';
import type { AuditEntry } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import type { WorkflowState } from '../../../lambdas/shared/domain/workflow-state.ts';
import { grantedState } from '../../support/example-state.ts';

const entry = (occurrence: string): AuditEntry => ({
  chain: 'analyst1',
  requestId: 'analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G',
  event: 'validated',
  occurrence,
  facts: {},
});

/** A step with its records around it: what happened, in order, where the log fails or the step does. */
async function happening(input: StepInput, fails: { log?: string; step?: boolean } = {}) {
  const happened: string[] = [];
  const step = recordAround(
    async (_: StepInput) => {
      happened.push('step');
      if (fails.step) throw new Error('the step failed');
      return 'answer';
    },
    { before: () => [entry('before')], after: (_, answer) => [entry(`after ${answer}`)] },
    {
      async appendAll(entries) {
        for (const { occurrence = '' } of entries) {
          if (occurrence === fails.log) throw new Error('the log failed');
          happened.push(occurrence);
        }
      },
    },
  );
  const answer = await step(input).catch((error: Error) => error.message);
  return { answer, happened };
}

test('it is recorded before it runs, and its answer before anybody else is told', async () => {
  const happened = ['before', 'step', 'after answer'];
  expect(await happening(grantedState())).toEqual({ answer: 'answer', happened });
  expect(await happening({ state: grantedState() })).toEqual({ answer: 'answer', happened });
});

test('what cannot be recorded beforehand does not run', async () => {
  expect(await happening(grantedState(), { log: 'before' })).toEqual({
    answer: 'the log failed',
    happened: [],
  });
});

test('an answer that cannot be recorded is not given', async () => {
  expect(await happening(grantedState(), { log: 'after answer' })).toEqual({
    answer: 'the log failed',
    happened: ['before', 'step'],
  });
});

test('a step that fails has no answer to record', async () => {
  expect(await happening(grantedState(), { step: true })).toEqual({
    answer: 'the step failed',
    happened: ['before', 'step'],
  });
});

test('a step without records of its own writes none', async () => {
  const recorded: unknown[] = [];
  const audit = { appendAll: async (entries: readonly AuditEntry[]) => void recorded.push(...entries) };
  const step = recordAround(async ({ request }: WorkflowState) => request.requestId, {}, audit);
  expect(await step(grantedState())).toBe(grantedState().request.requestId);
  expect(recorded).toEqual([]);
});

test('records are made of the state, also where the task has something beside it', async () => {
  const seen: unknown[] = [];
  const audit = { appendAll: async () => undefined };
  const note = (state: WorkflowState): AuditEntry[] => {
    seen.push(state);
    return [];
  };
  const step = recordAround(async (_: StepInput) => 'answer', { before: note, after: note }, audit);
  const state = grantedState();
  await step({ state });
  await step(state);
  expect(seen).toEqual([state, state, state, state]);
});
