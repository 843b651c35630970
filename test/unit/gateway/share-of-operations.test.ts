import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readArn } from '../../../gateway/identify/iam/arn-template.ts';
import { CALLED_AS_OPERATIONS } from '../../../gateway/identify/iam/exceptions.ts';
import { nameNeeds } from '../../../gateway/identify/iam/name-needs.ts';
import { openIamData } from '../../../gateway/identify/iam/open-iam-data.ts';
import type { Need } from '../../../gateway/identify/named-call.ts';
import { type Operation, openModels, type Service } from '../../../gateway/identify/read-models.ts';
import { likelyCall, PLACE, prefixOf } from './likely-call.ts';

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
const [models, iam] = [openModels(), openIamData()];

type Tried = {
  readonly service: Service;
  readonly operation: Operation;
  readonly needs: readonly Need[] | undefined;
};

function tryAll(): Tried[] {
  return Object.entries(SERVICES).flatMap(([signing, id]) => {
    const service = models.of(signing).find((each) => each.id === id);
    const known = service && iam.service(prefixOf(service));
    if (!service || !known) throw new Error(`no service ${id}`);
    return [...service.operations.values()]
      .filter(({ isUnsigned }) => !isUnsigned)
      .map((operation) => ({
        service,
        operation,
        needs: nameNeeds(likelyCall(service, operation, known), PLACE, iam),
      }));
  });
}

const tried = tryAll();
const rowOf = (action: string) => {
  const [prefix = '', name = ''] = action.split(':');
  return iam.service(prefix)?.action(name)?.row;
};
const kindsOf = ({ needs = [] }: Tried) => needs.map(({ resource }) => resource.kind);

test('of the operations of fifteen services 97 % have their action', () => {
  const named = tried.filter(({ needs }) => needs !== undefined);
  expect(tried.length).toBeGreaterThan(2000);
  expect(named.length / tried.length).toBeGreaterThan(0.97);
});

const onSomething = tried.filter(
  (each) =>
    (each.needs ?? []).some(({ action }) => rowOf(action)) && !kindsOf(each).every((kind) => kind === 'none'),
);

test('of those that IAM’s data has on resources, 90 % have the ARNs of all; the others are known to be unknown', () => {
  const known = onSomething.filter((each) => !kindsOf(each).includes('unknown'));
  expect(onSomething.length).toBeGreaterThan(1400);
  expect(known.length / onSomething.length).toBeGreaterThan(0.9);
});

test('with those of IAM by name, whose paths calls do not say, 95 % say which resources they are on', () => {
  const isSaid = ({ resource }: Need) => resource.kind !== 'unknown' || resource.named !== undefined;
  const said = onSomething.filter(({ needs = [] }) => needs.every(isSaid));
  expect(said.length / onSomething.length).toBeGreaterThan(0.95);
});

test('a path of IAM that a call does not say leaves its resource unknown; what it makes has the path that it says', () => {
  const ofIam = tried.filter(({ service }) => service.id === 'iam');
  const unknown = ofIam
    .filter((each) => kindsOf(each).includes('unknown'))
    .map(({ operation }) => operation.name);
  expect(unknown).toEqual(expect.arrayContaining(['GetRole', 'DeleteUser', 'AttachGroupPolicy']));
  expect(unknown).not.toContain('CreateRole');
});

test('an ARN that was made is of a kind that IAM’s data has for its action', () => {
  const strange = tried.flatMap(({ needs = [], operation }) =>
    needs.flatMap(({ action, resource }) => {
      const [prefix = ''] = action.split(':');
      const kinds = rowOf(action)?.[1] ?? [];
      if (resource.kind !== 'known' || kinds.length === 0) return [];
      const templates = kinds.flatMap(([kind]) => iam.service(prefix)?.resources[kind]?.[0] ?? []);
      // A key of S3 and a path of IAM have slashes; what is made has a wildcard for its id.
      const arn = resource.arn.replace(/\*$/, 'new').replace(/^(arn:aws:iam::\d+:role\/).+\//, '$1');
      return templates.some((template) => readArn(template, arn))
        ? []
        : [`${operation.name}: ${resource.arn}`];
    }),
  );
  expect(strange).toEqual([]);
});

test('services whose new operations are named by their own name have no operation known otherwise', () => {
  for (const prefix of CALLED_AS_OPERATIONS) {
    const ofIt = tried.filter(({ service }) => prefixOf(service) === prefix);
    const known = ofIt.filter(({ operation }) => iam.service(prefix)?.action(operation.name));
    const [unlike] = ofIt.filter(
      ({ operation, needs = [] }) => needs[0]?.action !== `${prefix}:${operation.name}`,
    );
    expect(known.length / ofIt.length).toBeGreaterThan(0.95);
    expect(unlike?.operation.name).toBeUndefined();
    // Of what IAM's data does not have, no resource is made up.
    const others = ofIt.filter(({ operation }) => !iam.service(prefix)?.action(operation.name));
    expect(others.flatMap(kindsOf).every((kind) => kind === 'unknown')).toBe(true);
  }
});

test('docs/gateway.md says these shares', () => {
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  const isSaid = ({ resource }: Need) => resource.kind !== 'unknown' || resource.named !== undefined;
  const text = readFileSync('docs/gateway.md', 'utf8').replace(/\s+/g, ' ');
  const named = tried.filter(({ needs }) => needs !== undefined).length;
  const known = onSomething.filter((each) => !kindsOf(each).includes('unknown')).length;
  const said = onSomething.filter(({ needs = [] }) => needs.every(isSaid)).length;
  expect(text).toContain(
    `Of ${tried.length.toLocaleString('en')} operations of fifteen services ${percent(named, tried.length)} have their action`,
  );
  expect(text).toContain(`${percent(known, onSomething.length)} have the ARNs of all`);
  expect(text).toContain(`${percent(said, onSomething.length)} with the users, roles and policies of IAM`);
});
