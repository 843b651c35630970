import * as z from 'zod';
import { type Execution, statusOf } from '../execution.ts';
import { toAwsEvent } from '../history.ts';
import { requireExecution, requireStateMachine } from './find-resource.ts';
import { operation } from './operation.ts';
import { pageOf } from './paging.ts';

const executionArn = z.string().min(1).max(256);
const maxResults = z.number().int().min(0).max(1000).optional();
const nextToken = z.string().min(1).max(3096).optional();
const INCLUDED = { included: true };

export const describeExecution = operation({
  schema: z.object({ executionArn, includedData: z.string().optional() }),
  resource: (input) => input.executionArn,
  run(input, engine) {
    const execution = requireExecution(engine, input.executionArn);
    const { end } = execution;
    return {
      ...summaryOf(execution),
      input: execution.input,
      inputDetails: INCLUDED,
      ...(end?.status === 'SUCCEEDED' && { output: end.output, outputDetails: INCLUDED }),
      ...(end && end.status !== 'SUCCEEDED' && { error: end.error, cause: end.cause }),
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'The sandbox does not redrive.',
    };
  },
});

export const listExecutions = operation({
  schema: z.object({
    stateMachineArn: z.string().min(1).max(256),
    statusFilter: z
      .enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'])
      .optional(),
    maxResults,
    nextToken,
    redriveFilter: z.string().optional(),
  }),
  resource: (input) => input.stateMachineArn,
  run(input, engine) {
    requireStateMachine(engine, input.stateMachineArn);
    const wanted = engine.store
      .list()
      .filter((execution) => !input.statusFilter || statusOf(execution) === input.statusFilter);
    const { items, ...page } = pageOf(wanted, input.maxResults, input.nextToken);
    return { executions: items.map((execution) => ({ ...summaryOf(execution), redriveCount: 0 })), ...page };
  },
});

export const getExecutionHistory = operation({
  schema: z.object({
    executionArn,
    maxResults,
    nextToken,
    reverseOrder: z.boolean().default(false),
    includeExecutionData: z.boolean().default(true),
  }),
  resource: (input) => input.executionArn,
  run(input, engine) {
    const { events } = requireExecution(engine, input.executionArn).history;
    const ordered = input.reverseOrder ? events.toReversed() : events;
    const { items, ...page } = pageOf(ordered, input.maxResults, input.nextToken);
    return { events: items.map((event) => toAwsEvent(event, input.includeExecutionData)), ...page };
  },
});

function summaryOf(execution: Execution) {
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.stateMachineArn,
    name: execution.name,
    status: statusOf(execution),
    startDate: execution.startDate / 1000,
    ...(execution.end && { stopDate: execution.end.stopDate / 1000 }),
  };
}
