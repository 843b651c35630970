import { expect, test } from 'vitest';
import { synthTemplate } from '../../infra/app.ts';
import { DEFAULT_SETTINGS, parseSettings } from '../../infra/settings.ts';
import type { Authorization } from '../../sandbox/aws/authorize.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import { ACCOUNT, functionNamesOf, makeMay, REGION } from '../support/function-roles.ts';
import { template } from '../support/template.ts';
import { CHAT, chatIssuers, templateWithChat } from '../support/with-chat.ts';

const resolved = resolveTemplate(templateWithChat(), { accountId: ACCOUNT, region: REGION });
const may = makeMay(resolved);
const OWN = ['chat-pages', 'chat-socket', 'chat-worker'];
const [socket] = resolved.webSockets;
const secretOf = (name: string) => resolved.secrets.find((secret) => secret.name === name)?.arn ?? '';
const CONVERSATIONS = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/postern_chats`;
const AGENT_ROLE = `arn:aws:iam::${ACCOUNT}:role/postern-demo-customer-support-agent`;
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:postern-chat.fifo`;
const connection = (verb: string) =>
  `arn:aws:execute-api:${REGION}:${ACCOUNT}:${socket?.apiId}/chat/${verb}/@connections/L0SM9cOFvHcCIhw=`;
const row = (key: string) => ({ context: { 'dynamodb:LeadingKeys': [key] } });

/** The functions that may do this. */
const whoMay = (action: string, resource: string, more: Pick<Authorization, 'context'> = {}): string[] =>
  functionNamesOf(resolved).filter((name) => may(name, { action, resource, ...more }));

test('without the setting there is none of it', () => {
  const text = JSON.stringify(template());
  for (const part of ['postern-chat', 'postern/chat', 'postern_chats', 'WEBSOCKET'])
    expect([part, text.includes(part)]).toEqual([part, false]);
});

test.each([
  ["what seals the pages' cookies", 'secretsmanager:GetSecretValue', 'postern/chat-cookies', ['chat-pages']],
  [
    'what seals messages',
    'secretsmanager:GetSecretValue',
    'postern/chat-work',
    ['chat-socket', 'chat-worker'],
  ],
])('who may read %s', (_, action, name, expected) => {
  expect(whoMay(action, secretOf(name))).toEqual(expected);
});

test.each([
  [
    'read a conversation',
    'dynamodb:GetItem',
    CONVERSATIONS,
    row('chat#L0SM9'),
    ['chat-socket', 'chat-worker'],
  ],
  ['write one', 'dynamodb:UpdateItem', CONVERSATIONS, row('chat#L0SM9'), ['chat-socket', 'chat-worker']],
  ['count what a customer says', 'dynamodb:UpdateItem', CONVERSATIONS, row('rate#a#1'), ['chat-socket']],
  ['list conversations', 'dynamodb:Scan', CONVERSATIONS, {}, []],
  ['query them', 'dynamodb:Query', CONVERSATIONS, row('chat#L0SM9'), []],
  ['put whole ones', 'dynamodb:PutItem', CONVERSATIONS, row('chat#L0SM9'), []],
  ['tell a page', 'execute-api:ManageConnections', connection('POST'), {}, ['chat-socket', 'chat-worker']],
  ['close a connection', 'execute-api:ManageConnections', connection('DELETE'), {}, ['chat-socket']],
  ['look at one', 'execute-api:ManageConnections', connection('GET'), {}, []],
  ['have a message answered', 'sqs:SendMessage', QUEUE, {}, ['chat-socket']],
  ['take one', 'sqs:ReceiveMessage', QUEUE, {}, ['chat-worker']],
  ['be the agent', 'sts:AssumeRole', AGENT_ROLE, {}, ['chat-worker']],
])('who may %s', (_, action, resource, more, expected) => {
  expect(whoMay(action, resource, more)).toEqual(expected);
});

test.each([
  [
    'call the API as itself',
    'execute-api:Invoke',
    `arn:aws:execute-api:${REGION}:${ACCOUNT}:sandbox/api/POST/requests`,
  ],
  ['read the bank', 'dynamodb:GetItem', `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/bank_balances`],
  ['read requests', 'dynamodb:GetItem', `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/postern_requests`],
  ['be a brokered role', 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/postern-brokered-internal`],
  ['be another principal of the demo', 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/postern-demo-admin`],
  ['seal a grant', 'kms:GenerateMac', `arn:aws:kms:${REGION}:${ACCOUNT}:key/any`],
  [
    'invoke a function',
    'lambda:InvokeFunction',
    `arn:aws:lambda:${REGION}:${ACCOUNT}:function:postern-assume-role`,
  ],
])('none of the chat’s functions may %s', (_, action, resource) => {
  expect(OWN.filter((name) => may(name, { action, resource }))).toEqual([]);
});

test('what each function’s role may do is this', async () => {
  type Statement = { Action: string | string[]; Resource: string | string[]; Condition?: object };
  const lines = OWN.flatMap((name) => {
    const role = resolved.roles.find((made) => made.name === `postern-${name}`);
    const statements = (role?.policies ?? []).flatMap(({ document }) => document.Statement as Statement[]);
    return [
      name,
      ...statements.map(({ Action, Resource, Condition }) =>
        [
          `  may ${[Action].flat().join(' ')} on ${[Resource].flat().join(' ')}`,
          ...(Condition ? [`      if ${JSON.stringify(Condition)}`] : []),
        ].join('\n'),
      ),
      '',
    ];
  });
  const text = resolved.keys.reduce(
    (shown, { id, logicalId }) => shown.replaceAll(id, logicalId.replace(/[0-9A-F]{8}$/, '')),
    lines.join('\n'),
  );
  await expect(`${text}\n`).toMatchFileSnapshot('../cases/infra/statements-of-chat.txt');
});

test('a message waits for a minute at most, sealed, and no queue keeps what was not answered', () => {
  const queue = Object.values(templateWithChat().Resources).find(
    ({ Properties }) => Properties?.QueueName === 'postern-chat.fifo',
  );
  expect(queue?.Properties).toMatchObject({ MessageRetentionPeriod: 60, FifoQueue: true });
  expect(queue?.Properties?.RedrivePolicy).toBeUndefined();
});

test('conversations go by themselves, and no backup has them', () => {
  const table = Object.values(templateWithChat().Resources).find(
    ({ Properties }) => Properties?.TableName === 'postern_chats',
  );
  expect(table).toMatchObject({
    DeletionPolicy: 'Delete',
    Properties: { TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } },
  });
  expect(table?.Properties?.PointInTimeRecoverySpecification).toBeUndefined();
});

test('the three routes of the WebSocket are the receiver’s, and no variable holds a secret', () => {
  expect([...(socket?.routes ?? [])].sort()).toEqual([
    ['$connect', 'postern-chat-socket'],
    ['$default', 'postern-chat-socket'],
    ['$disconnect', 'postern-chat-socket'],
  ]);
  for (const name of OWN) {
    const { env = {} } = resolved.functions.find((made) => made.name === `postern-${name}`) ?? {};
    const secrets = Object.entries(env).filter(
      ([key, value]) => /SECRET|TOKEN|KEY/.test(key) && !value.startsWith('arn:'),
    );
    expect([name, secrets]).toEqual([name, []]);
  }
});

test('tokens of the chat’s own client are taken, and of no other', () => {
  const { env = {} } = resolved.functions.find(({ name }) => name === 'postern-chat-socket') ?? {};
  expect(JSON.parse(env.CHAT_CUSTOMERS ?? '')).toEqual([
    {
      issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab1',
      audiences: ['chat-client'],
      clients: ['chat-client'],
    },
  ]);
});

test('a model has a secret for its key, which the worker alone reads', () => {
  const withModel = resolveTemplate(templateWithChat({ ...CHAT, model: { name: 'a-model' } }), {
    accountId: ACCOUNT,
    region: REGION,
  });
  const key = withModel.secrets.find(({ name }) => name === 'postern/chat-model')?.arn ?? '';
  const mayThere = makeMay(withModel);
  const readers = functionNamesOf(withModel).filter((name) =>
    mayThere(name, { action: 'secretsmanager:GetSecretValue', resource: key }),
  );
  expect([key, readers]).toEqual([expect.stringMatching(/^arn:/), ['chat-worker']]);
});

test.each([
  [
    'an organisation has none',
    { demo: false, settings: { ...DEFAULT_SETTINGS, chat: CHAT } },
    /part of the demo/,
  ],
  [
    'an issuer that is not listed',
    { demo: true, settings: { ...DEFAULT_SETTINGS, chat: { ...CHAT, issuer: 'nobody' } } },
    /no issuer nobody/,
  ],
  [
    'a client whose tokens speak for nobody',
    { demo: true, settings: { ...DEFAULT_SETTINGS, chat: { ...CHAT, clientId: 'unlisted' } } },
    /known by unlisted/,
  ],
])('refused: %s', (_, options, message) => {
  expect(() => synthTemplate({ ...options, issuers: chatIssuers })).toThrow(message);
});

test.each([
  [{ issuer: 'customers' }],
  [{ issuer: 'customers', clientId: 'x', url: 'http://chat.bank.example' }],
  [{ issuer: 'customers', clientId: 'x', model: { name: 'm', baseUrl: 'https://localhost/v1' } }],
])('a setting that is no chat is refused: %j', (wrong) => {
  expect(() => parseSettings(JSON.stringify({ chat: wrong }))).toThrow(/deployment\.json/);
});
