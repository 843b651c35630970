import * as z from 'zod';
import type { PresentResource } from './present-resources.ts';
import type { CfnValue, PipeSpec, RuleSpec } from './types.ts';

const pipeSchema = z.object({
  Name: z.string(),
  Source: z.string(),
  Target: z.string(),
  SourceParameters: z.object({
    DynamoDBStreamParameters: z.object({ BatchSize: z.coerce.number().default(100) }),
    FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional(),
  }),
  TargetParameters: z.object({
    EventBridgeEventBusParameters: z.object({ Source: z.string(), DetailType: z.string() }),
    InputTemplate: z.string(),
  }),
});

const ruleSchema = z.object({
  EventBusName: z.string(),
  EventPattern: z.custom<CfnValue>(),
  Targets: z.array(z.object({ Arn: z.string() })),
});

/** Pipes from a table's stream to a bus, each with the rules of that bus; those without a rule are left out. */
export function pipesOf(pipes: PresentResource[], rules: PresentResource[]): PipeSpec[] {
  const listening = rules.flatMap(ruleOf);
  return pipes.map((pipe) => pipeOf(pipe, listening)).filter(({ rules: { length } }) => length > 0);
}

/** Rules of the default bus, and schedules, are none of a pipe's. */
function ruleOf({ properties }: PresentResource): RuleSpec[] {
  if (properties.EventBusName === undefined) return [];
  const { EventBusName: bus, EventPattern: pattern, Targets } = ruleSchema.parse(properties);
  return [{ bus, pattern, functionArns: Targets.map(({ Arn }) => Arn) }];
}

function pipeOf({ properties }: PresentResource, rules: RuleSpec[]): PipeSpec {
  const { Name, Source, Target, SourceParameters, TargetParameters } = pipeSchema.parse(properties);
  const { Source: source, DetailType: detailType } = TargetParameters.EventBridgeEventBusParameters;
  return {
    name: Name,
    table: Source.replace(/^.*:table\/([^/]+)\/stream\/.*$/, '$1'),
    batchSize: SourceParameters.DynamoDBStreamParameters.BatchSize,
    patterns: SourceParameters.FilterCriteria?.Filters.map(({ Pattern }) => Pattern) ?? [],
    source,
    detailType,
    inputTemplate: TargetParameters.InputTemplate,
    rules: rules.filter(({ bus }) => Target.endsWith(`:event-bus/${bus}`)),
  };
}
