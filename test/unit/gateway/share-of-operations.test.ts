import { expect, test } from 'vitest';
import { PREFIXES } from '../../../gateway/identify/iam/exceptions.ts';
import { nameNeeds } from '../../../gateway/identify/iam/name-needs.ts';
import { type IamService, openIamData } from '../../../gateway/identify/iam/open-iam-data.ts';
import type { Member } from '../../../gateway/identify/model.ts';
import { type Operation, openModels, type Service } from '../../../gateway/identify/read-models.ts';

/** Services by the name that they sign with, and their id where several sign so. */
const SERVICES: Readonly<Record<string, string>> = {
  ...{ s3: 's3', dynamodb: 'dynamodb', sqs: 'sqs', sns: 'sns', kms: 'kms', secretsmanager: 'secretsmanager' },
  ...{
    lambda: 'lambda',
    ec2: 'ec2',
    ecs: 'ecs',
    monitoring: 'cloudwatch',
    iam: 'iam',
    logs: 'logs',
    ssm: 'ssm',
  },
  ...{ rds: 'rds', states: 'stepfunctions' },
};
const PLACE = { partition: 'aws', region: 'us-east-1', account: '123456789012' };
const FIXED: Readonly<Record<string, string>> = {
  ...{ Partition: PLACE.partition, Region: PLACE.region, Account: PLACE.account },
};
const [models, iam] = [openModels(), openIamData()];
const core = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/(?:identifier|names?|ids?|arns?|url)$/, '');

/** An ARN as the parameter would have it: of the kind that it is called after, or that the action is on. */
function arnFor(name: string, operation: Operation, service: IamService): string {
  const kinds = Object.entries(service.resources);
  const own = (service.action(operation.name)?.row[1] ?? []).map(([kind]) => kind);
  const isNamed = (kind: string) => core(kind) === core(name);
  const found =
    kinds.find(([kind]) => isNamed(kind) && own.includes(kind)) ??
    kinds.find(([kind]) => isNamed(kind)) ??
    kinds.find(([kind]) => own.includes(kind)) ??
    kinds[0];
  return (found?.[1][0] ?? '').replace(/\$\{(\w+)\}/g, (_, part: string) => FIXED[part] ?? 'abcdef');
}

const TEXTS: Readonly<Record<string, string>> = {
  QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/abcdef',
  CopySource: 'bucket-one/key',
};
const SAYS_WHAT = /(?:identifier|names?|ids?|arns?|cluster|service|tasks?|instances?|key)$/i;
function valueFor({ name, kind }: Member, operation: Operation, service: IamService): unknown {
  const text = /arns?$/i.test(name) ? arnFor(name, operation, service) : (TEXTS[name] ?? 'abcdef');
  return ({ s: text, l: [text], i: 1, b: true } as Record<string, unknown>)[kind] ?? {};
}

/** What a call of an operation with all that it must say, and says by names, needs. */
function needsOf(service: Service, operation: Operation) {
  const known = iam.service(PREFIXES[service.signing] ?? service.signing);
  if (!known) return undefined;
  const parameters = Object.fromEntries(
    operation.members
      .filter(({ name, isRequired }) => isRequired || SAYS_WHAT.test(name))
      .map((member) => [member.name, valueFor(member, operation, known)]),
  );
  return nameNeeds({ service, operation, protocol: 'json', parameters }, PLACE, iam);
}

test('of the operations of fifteen services 96 % have their action, and nine of ten outside IAM their resources', () => {
  const count = { operations: 0, actions: 0, onSomething: 0, known: 0, ofIam: 0 };
  for (const [signing, id] of Object.entries(SERVICES)) {
    const service = models.of(signing).find((each) => each.id === id);
    if (!service) throw new Error(`no service ${id}`);
    for (const operation of service.operations.values()) {
      if (operation.isUnsigned) continue;
      count.operations += 1;
      const needs = needsOf(service, operation);
      if (!needs) continue;
      count.actions += 1;
      const kinds = needs.map(({ resource }) => resource.kind);
      if (kinds.every((kind) => kind === 'none')) continue;
      // A path stands in the ARNs of users, groups and roles, which calls do not say: these are known to be unknown.
      if (id === 'iam') {
        count.ofIam += kinds.includes('unknown') ? 1 : 0;
        continue;
      }
      count.onSomething += 1;
      if (!kinds.includes('unknown')) count.known += 1;
    }
  }
  expect(count.operations).toBeGreaterThan(2000);
  expect(count.actions / count.operations).toBeGreaterThan(0.96);
  expect(count.known / count.onSomething).toBeGreaterThan(0.9);
  expect(count.ofIam).toBeGreaterThan(100);
});
