import type { NamedCall } from '../named-call.ts';
import { coreName, isSameName } from './core-name.ts';
import type { IamService } from './open-iam-data.ts';
import { SAYS, WITHIN } from './parameters-of-arns.ts';

const textsOf = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'number' && Number.isSafeInteger(value)
      ? [String(value)]
      : Array.isArray(value)
        ? value.filter((each) => typeof each === 'string')
        : [];

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** What stands within other parameters: in a form by its written name, in JSON by its path. `N` is any place of a list. */
function textsAt(path: string, { parameters }: NamedCall): readonly string[] {
  const written = Object.keys(parameters).filter((name) => name.replace(/\.\d+(?=\.|$)/g, '.N') === path);
  if (written.length > 0) return written.flatMap((name) => textsOf(parameters[name]));
  const step = (values: readonly unknown[], name: string): readonly unknown[] =>
    values.flatMap((value) => {
      if (name === 'N') return Array.isArray(value) ? (value as readonly unknown[]) : [];
      return isObject(value) && Object.hasOwn(value, name) ? [value[name]] : [];
    });
  return path.split('.').reduce(step, [parameters]).flatMap(textsOf);
}

/**
 * The texts of a parameter. What the operation has no such parameter for says nothing: AWS passes over it, and means
 * what it would have meant without it.
 */
function own(name: string, call: NamedCall): readonly string[] {
  const isIts = call.operation.members.some((member) => member.name === name);
  return isIts && Object.hasOwn(call.parameters, name) ? textsOf(call.parameters[name]) : [];
}

/** All texts that a call says in parameters of its own. */
export const allSaid = (call: NamedCall): readonly string[] =>
  call.operation.members.flatMap(({ name }) => own(name, call));

/** `Name` alone names what the operation is about, where its kind of resource is the only one that the name fits. */
const BARE = ['Name', 'name', 'Id', 'id', 'Arn', 'arn', 'ResourceArn', 'resourceArn', 'ResourceARN'];

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * What `ResourceId` says of a kind where `ResourceType` says which kind it is of: nothing of any other. Undefined where
 * the operation has no such pair.
 */
function ofItsType(resource: string, call: NamedCall): readonly string[] | undefined {
  const { members } = call.operation;
  const type = members.find(({ name }) => name === 'ResourceType');
  const id = members.find(({ name }) => name === 'ResourceId' || name === 'ResourceIds');
  if (!type || !id) return undefined;
  const [said = ''] = own(type.name, call);
  // A managed instance of Systems Manager is EC2's where it runs there.
  const isIts = plain(said) === plain(resource) || (said === 'ManagedInstance' && resource === 'instance');
  return isIts || `${plain(said)}execution` === plain(resource) ? own(id.name, call) : [];
}

/** What the parameters say of one placeholder of a resource's ARN: names, or whole ARNs. */
export function saidOf(
  placeholder: string,
  resource: string,
  service: IamService,
  call: NamedCall,
): readonly string[] {
  const typed = ofItsType(resource, call);
  const paths = call.operation.within.filter(([name]) => name === placeholder).map(([, path]) => path);
  const within = [...paths, ...(WITHIN[`${service.prefix}:${placeholder}`] ?? [])];
  const said = [
    ...saidOnTop(placeholder, resource, service, call, typed !== undefined),
    ...within.flatMap((path) => textsAt(path, call)),
  ];
  return said.length > 0 ? [...new Set(said)] : (typed ?? []);
}

function saidOnTop(
  placeholder: string,
  resource: string,
  { prefix }: IamService,
  call: NamedCall,
  isTyped: boolean,
): readonly string[] {
  const { operation } = call;
  const known = SAYS[`${prefix}:${placeholder}`] ?? [];
  const called = operation.members.filter(
    ({ name }) => isSameName(name, placeholder) && !(isTyped && /^ResourceIds?$/.test(name)),
  );
  // What the model calls an `InstanceId` is one, whatever the parameter is called.
  const shaped = operation.members.filter(
    ({ shape }) => shape !== undefined && isSameName(shape, placeholder),
  );
  const first = (names: readonly string[]) =>
    names.map((name) => own(name, call)).find((said) => said.length > 0);
  const byName = first(known) ?? saidOfBoth(known.length > 0 ? known : [placeholder], call);
  if (byName && byName.length > 0) return byName;
  const byModel = first(called.map(({ name }) => name)) ?? shaped.flatMap(({ name }) => own(name, call));
  if (byModel.length > 0) return byModel;
  // A call of ECS that names no cluster means this one. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
  if (prefix === 'ecs' && placeholder === 'ClusterName' && hasClusterOfItsOwn(call)) return ['default'];
  const isAbout = operation.name.toLowerCase().endsWith(coreName(resource));
  // A name is no id of EC2's: what `RegisterImage` calls its image is not what the image's ARN says.
  const bare =
    prefix === 'ec2' && placeholder.endsWith('Id') ? BARE.filter((name) => !/name/i.test(name)) : BARE;
  return isAbout ? (first(bare) ?? []) : [];
}

/** Whether a name of a model is one of a placeholder's. */
export const isNameOf = (name: string, placeholder: string, { prefix }: IamService): boolean =>
  isSameName(name, placeholder) || (SAYS[`${prefix}:${placeholder}`] ?? []).includes(name);

/** Whether an operation has a parameter that could say a placeholder, sent or not. */
export function couldSay(placeholder: string, service: IamService, { operation }: NamedCall): boolean {
  if (operation.within.some(([name]) => name === placeholder)) return true;
  return operation.members.some(
    ({ name, shape }) =>
      isNameOf(name, placeholder, service) || (shape !== undefined && isSameName(shape, placeholder)),
  );
}

/** What a copy or a move is from, and to: `SourceDBSnapshotIdentifier`. From another region it would be another ARN. */
function saidOfBoth(names: readonly string[], call: NamedCall): readonly string[] {
  const { members } = call.operation;
  if (members.some(({ name }) => name === 'SourceRegion')) return [];
  const wanted = new Set(names.map(coreName));
  return members.flatMap(({ name }) => {
    const [, rest] = /^(?:Source|Target|Destination)(.+)$/.exec(name) ?? [];
    return rest !== undefined && wanted.has(coreName(rest)) ? own(name, call) : [];
  });
}

/** Whether an operation of ECS has a cluster that may be left out, and was. */
const hasClusterOfItsOwn = ({ operation, parameters }: NamedCall): boolean =>
  operation.members.some(
    ({ name, isRequired }) =>
      !isRequired &&
      !Object.hasOwn(parameters, name) &&
      (name === 'cluster' || (name === 'clusters' && operation.name === 'DescribeClusters')),
  );

/**
 * The name and path of what a call of IAM makes. Of what is there already the path is unknown: only its name is said.
 */
export function namedWithPath({ operation, parameters }: NamedCall): string | undefined {
  // `task/aws-service-role/<service>/<role>/<id>`
  const { DeletionTaskId: task } = parameters;
  if (operation.name === 'GetServiceLinkedRoleDeletionStatus' && typeof task === 'string') {
    return /^task\/(aws-service-role\/[\w.-]+\/[\w+=,.@-]+)\/[\w-]+$/.exec(task)?.[1];
  }
  const hasPath = operation.members.some(({ name }) => name === 'Path');
  const [member, ...others] = operation.members.filter(
    (each) => each.isRequired && each.name.endsWith('Name'),
  );
  if (!hasPath || !/^(?:Create|Upload)/.test(operation.name) || !member || others.length > 0)
    return undefined;
  const name = parameters[member.name];
  const path = Object.hasOwn(parameters, 'Path') ? parameters.Path : '/';
  const isPath = typeof path === 'string' && /^\/(?:[\w+=,.@-]+\/)*$/.test(path);
  return isPath && typeof name === 'string' ? `${path.slice(1)}${name}` : undefined;
}

/**
 * Whether the only parameter by which a call names anything names it by whole ARNs: then it is on nothing else, of
 * whichever kind these are.
 */
export function isByArnAlone(call: NamedCall, isKnown: (arn: string) => boolean): boolean {
  const naming = call.operation.members.filter(
    ({ name, kind }) => (kind === 's' || kind === 'l') && /(?:identifiers?|names?|ids?|arns?)$/i.test(name),
  );
  const said = naming.flatMap(({ name }) => own(name, call));
  return naming.length === 1 && said.length > 0 && said.every(isKnown);
}

/** The name of what a call of IAM is on: all that it says of a user, a role, a group or a policy that is there. */
export function namedWithoutPath(placeholder: string, call: NamedCall): string | undefined {
  const wanted = placeholder.replace(/WithPath$/, '');
  const member = call.operation.members.find(
    ({ name, isRequired }) => isSameName(name, wanted) || (isRequired && name.endsWith(wanted)),
  );
  const [said] = member ? own(member.name, call) : [];
  return said;
}
