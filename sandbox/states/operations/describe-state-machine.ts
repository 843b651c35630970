import * as z from 'zod';
import type { Engine } from '../engine.ts';
import { requireExecution, requireStateMachine } from './find-resource.ts';
import { operation } from './operation.ts';
import { pageOf } from './paging.ts';

const arn = z.string().min(1).max(256);

export const describeStateMachine = operation({
  schema: z.object({ stateMachineArn: arn, includedData: z.string().optional() }),
  resource: (input) => input.stateMachineArn,
  run(input, engine) {
    requireStateMachine(engine, input.stateMachineArn);
    return {
      ...descriptionOf(engine),
      status: 'ACTIVE',
      type: 'STANDARD',
      creationDate: engine.createdAt / 1000,
    };
  },
});

export const describeStateMachineForExecution = operation({
  schema: z.object({ executionArn: arn, includedData: z.string().optional() }),
  resource: (input) => input.executionArn,
  run(input, engine) {
    requireExecution(engine, input.executionArn);
    return { ...descriptionOf(engine), updateDate: engine.createdAt / 1000 };
  },
});

export const listStateMachines = operation({
  schema: z.object({
    maxResults: z.number().int().min(0).max(1000).optional(),
    nextToken: z.string().optional(),
  }),
  resource: () => '*',
  run(input, _, engines) {
    const machines = engines.map(({ spec: { arn: stateMachineArn, name }, createdAt }) => ({
      stateMachineArn,
      name,
      type: 'STANDARD',
      creationDate: createdAt / 1000,
    }));
    const { items, ...page } = pageOf(machines, input.maxResults, input.nextToken);
    return { stateMachines: items, ...page };
  },
});

function descriptionOf({ spec }: Engine) {
  return {
    stateMachineArn: spec.arn,
    name: spec.name,
    roleArn: spec.roleArn,
    definition: JSON.stringify(spec.definition),
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
  };
}
