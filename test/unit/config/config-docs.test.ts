import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findConfigProblems } from '../../../infra/find-config-problems.ts';
import { CONFIG_DOCS, type FieldDoc } from '../../../scripts/config-docs/fields.ts';
import { CONFIG_SCHEMAS, fieldsOf, jsonSchemaOf, schemaFiles } from '../../../scripts/config-docs/schemas.ts';
import { CONFIG_PAGE, configDocs } from '../../../scripts/config-docs/write.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-config-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('docs/configuration.md and the schemas are what the code says; npm run docs:config writes them', () => {
  expect(readFileSync(CONFIG_PAGE, 'utf8') === configDocs(), 'run: npm run docs:config').toBe(true);
  const stale = [...schemaFiles()].filter(([file, text]) => readFileSync(`config/${file}`, 'utf8') !== text);
  expect(stale.map(([file]) => file)).toEqual([]);
});

test('every field is described, and none that there is not', () => {
  for (const doc of CONFIG_DOCS) {
    const paths = fieldsOf(jsonSchemaOf(doc)).map(([path]) => path);
    expect(Object.keys(doc.fields).sort()).toEqual(paths.sort());
  }
});

test('each file names its schema, which is there', () => {
  for (const { file } of CONFIG_DOCS.filter((doc) => existsSync(`config/${doc.file}`))) {
    const { $schema } = JSON.parse(readFileSync(`config/${file}`, 'utf8'));
    expect([file, existsSync(join('config', $schema))]).toEqual([file, true]);
  }
});

type Json = { [name: string]: unknown };

/** Files that are whole, to put an example into. */
const WHOLE: Readonly<Record<string, Json>> = {
  'catalog.json': {
    version: 1,
    accounts: [{ id: '444455556666', name: 'data' }],
    resources: [
      {
        key: 'something',
        kind: 'dynamodb-table',
        arns: ['arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/something'],
        purpose: 'Something that is brokered',
        sensitivity: 'internal',
        actions: { read: ['dynamodb:GetItem'] },
        maxDurationSeconds: 900,
      },
    ],
  },
  'approvals.json': {
    ...JSON.parse(readFileSync('config/approvals.json', 'utf8')),
    accessReviews: { reviewerGroup: 'reviewers', channel: '#reviews' },
  },
  'limits.json': {
    ...JSON.parse(readFileSync('config/limits.json', 'utf8')),
    rememberedReviews: { seconds: 60 },
  },
  'issuers.json': {
    version: 1,
    issuers: [{ name: 'idp', issuer: 'https://idp.example', subjects: { audiences: ['shop'] } }],
  },
  'facts.json': {
    version: 1,
    audience: 'postern',
    sources: [
      {
        id: 'tickets',
        keys: [{ kid: 'a', kty: 'OKP', crv: 'Ed25519', x: 'k3H4bXHcIGwzVdo7Ce7PFjyCChM3ZcZr3fvVJmYhK2E' }],
        states: [{ fact: 'openReference', values: ['OPS-*'], longestSeconds: 60 }],
      },
    ],
  },
  // One of each list or part, for the examples of its fields.
  'deployment.json': {
    gateways: [{}],
    webhooks: [{}],
    console: {},
    chat: { issuer: 'customers', clientId: 'app', model: { name: 'a-model' } },
    gatewayTasks: {},
  },
};

/** A file with an example in it, and what that takes beside it. */
function withExample(file: string, path: string, { example, beside = {} }: FieldDoc): Json {
  const whole = structuredClone(WHOLE[file] ?? {});
  const steps = path.split('.');
  const name = steps.pop() ?? '';
  let within = whole;
  for (const step of steps) {
    const inner = within[step.replace('[]', '')];
    within = (step.endsWith('[]') ? (inner as Json[])[0] : inner) as Json;
  }
  // Every other one stays out: it is not whole.
  if (file === 'deployment.json')
    for (const part of ['gateways', 'webhooks', 'console', 'chat', 'gatewayTasks'])
      if (steps[0]?.replace('[]', '') !== part) delete whole[part];
  Object.assign(within, beside, { [name]: example });
  return whole;
}

const examples = CONFIG_DOCS.flatMap(({ file, fields }) =>
  Object.entries(fields)
    .filter(([, { example }]) => example !== undefined)
    .map(([path, field]) => [file, path, field] as const),
);

describe('each example of the page is one that works', () => {
  test.each(examples)('%s: %s', (file, path, field) => {
    const written = withExample(file, path, field);
    const parsed = CONFIG_SCHEMAS[file]?.safeParse(written);
    expect(parsed?.error?.issues ?? []).toEqual([]);
    if (file !== 'catalog.json') return;
    const inOwn = mkdtempSync(join(folder, 'case-'));
    cpSync('config', inOwn, { recursive: true });
    writeFileSync(join(inOwn, 'guardrails.cedar'), '@id("all") permit (principal, action, resource);\n');
    writeFileSync(join(inOwn, file), JSON.stringify(written));
    expect(findConfigProblems(inOwn)).toEqual([]);
  });
});
