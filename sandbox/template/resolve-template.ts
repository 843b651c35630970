import * as z from 'zod';
import { functionNameOf } from '../functions/function-host.ts';
import { type PresentResource, presentResources } from './present-resources.ts';
import { pipesOf } from './resolve-pipes.ts';
import { isOfQueue, queueMappingOf, queuesOf } from './resolve-queues.ts';
import { rolesOf } from './resolve-roles.ts';
import { routesOf, tokenRoutesOf } from './resolve-routes.ts';
import { stateMachineOf } from './resolve-state-machine.ts';
import { makeResolver, type Resolver } from './resolve-values.ts';
import { webSocketsOf } from './resolve-web-sockets.ts';
import type {
  CfnTemplate,
  Deployment,
  KeySpec,
  ResolvedTemplate,
  SecretSpec,
  StreamMapping,
  TableSpec,
  TemplateFunction,
} from './types.ts';

/**
 * The template as if it were deployed at one place: names, ARNs and values instead of references. This is all
 * the sandbox knows of the infrastructure. Throws where the template uses what the sandbox does not resolve.
 */
export function resolveTemplate(template: CfnTemplate, deployment: Deployment): ResolvedTemplate {
  const resolver = makeResolver(template, deployment);
  const resources = presentResources(template, resolver);
  const ofType = (type: string): PresentResource[] => resources.filter((resource) => resource.type === type);
  const mappings = ofType('AWS::Lambda::EventSourceMapping');
  return {
    tables: ofType('AWS::DynamoDB::Table').map((it) => tableOf(it, resolver)),
    functions: ofType('AWS::Lambda::Function').flatMap((it) => functionOf(it, resolver)),
    roles: rolesOf(resources, resolver),
    stateMachines: ofType('AWS::StepFunctions::StateMachine').map((it) => stateMachineOf(it, resolver)),
    keys: ofType('AWS::KMS::Key').map((it) => keyOf(it, ofType('AWS::KMS::Alias'), resolver)),
    secrets: ofType('AWS::SecretsManager::Secret').map((it) => secretOf(it, resolver)),
    routes: routesOf(resources, resolver),
    tokenRoutes: tokenRoutesOf(ofType('AWS::Lambda::Function'), resolver),
    streams: mappings.filter(({ properties }) => !isOfQueue(properties)).map(streamOf),
    queues: queuesOf(ofType('AWS::SQS::Queue'), resolver),
    queueMappings: mappings.filter(({ properties }) => isOfQueue(properties)).map(queueMappingOf),
    topicArns: ofType('AWS::SNS::Topic').map(({ logicalId }) => resolver.identityOf(logicalId).ref),
    webSockets: webSocketsOf(resources, resolver),
    pipes: pipesOf(ofType('AWS::Pipes::Pipe'), ofType('AWS::Events::Rule')),
    outputs: outputsOf(template, resolver),
  };
}

function tableOf({ logicalId, properties }: PresentResource, { identityOf }: Resolver): TableSpec {
  const { ref: name, attributes } = identityOf(logicalId);
  return { logicalId, name, arn: attributes.Arn ?? '', properties };
}

const functionSchema = z.object({
  Role: z.string(),
  Timeout: z.coerce.number().default(3),
  MemorySize: z.coerce.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
});

/** Functions without an entry are CDK's own helpers: they are deployed, but nothing of ours. */
function functionOf(it: PresentResource, { identityOf }: Resolver): TemplateFunction[] {
  const entry = it.metadata['postern:entry'];
  if (typeof entry !== 'string') return [];
  const { ref: name, attributes } = identityOf(it.logicalId);
  const properties = functionSchema.parse(it.properties);
  return [
    {
      logicalId: it.logicalId,
      name,
      arn: attributes.Arn ?? '',
      entry,
      env: properties.Environment?.Variables ?? {},
      roleName: properties.Role.slice(properties.Role.lastIndexOf('/') + 1),
      timeoutSeconds: properties.Timeout,
      memoryMb: properties.MemorySize,
    },
  ];
}

function keyOf(it: PresentResource, aliases: PresentResource[], { identityOf }: Resolver): KeySpec {
  const { ref: id, attributes } = identityOf(it.logicalId);
  const arn = attributes.Arn ?? '';
  const { KeySpec = 'SYMMETRIC_DEFAULT', KeyUsage = 'ENCRYPT_DECRYPT', KeyPolicy } = it.properties;
  return {
    logicalId: it.logicalId,
    id,
    arn,
    aliases: aliases
      .filter(({ properties }) => [id, arn].includes(String(properties.TargetKeyId)))
      .map(({ properties }) => String(properties.AliasName)),
    spec: String(KeySpec),
    usage: String(KeyUsage),
    ...(KeyPolicy && { policy: KeyPolicy as KeySpec['policy'] & object }),
  };
}

function secretOf({ logicalId, properties }: PresentResource, { identityOf }: Resolver): SecretSpec {
  const arn = identityOf(logicalId).ref;
  const name = properties.Name;
  return {
    logicalId,
    arn,
    name: typeof name === 'string' ? name : arn.replace(/^.*:secret:(.*)-.{6}$/, '$1'),
  };
}

const mappingSchema = z.object({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  BatchSize: z.coerce.number().default(100),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional(),
});

function streamOf({ properties }: PresentResource): StreamMapping {
  const { FunctionName, EventSourceArn, BatchSize, FilterCriteria } = mappingSchema.parse(properties);
  const [, table = ''] = /:table\/([^/]+)\/stream\//.exec(EventSourceArn) ?? [];
  return {
    functionName: functionNameOf(FunctionName),
    table,
    batchSize: BatchSize,
    patterns: (FilterCriteria?.Filters ?? []).map(({ Pattern }) => Pattern),
  };
}

function outputsOf(template: CfnTemplate, { resolve, holds }: Resolver): Record<string, string> {
  const present = Object.entries(template.Outputs ?? {}).filter(([, output]) => holds(output.Condition));
  return Object.fromEntries(present.map(([name, { Value }]) => [name, String(resolve(Value))]));
}
