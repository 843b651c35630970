/** One field of a configuration file: what it is for, and a value that a test tries. */
export type FieldDoc = {
  readonly says: string;
  /** The value; a test puts it into a file that is whole, and checks that file. */
  readonly example: unknown;
  /** What else of the same object it takes to be right. */
  readonly beside?: Readonly<Record<string, unknown>>;
};

export type FileDoc = {
  readonly file: string;
  readonly says: string;
  /** By path; `[]` is each item of a list. */
  readonly fields: Readonly<Record<string, FieldDoc>>;
};

const HERE = '${AWS::Region}:${AWS::AccountId}';
const arn = (service: string, resource: string) => `arn:\${AWS::Partition}:${service}:${HERE}:${resource}`;
const key = arn('kms', 'key/11111111-2222-3333-4444-555555555555');
const schema = (name: string): FieldDoc => ({
  says: 'Where editors find the JSON Schema of this file; nothing is loaded from it.',
  example: `./${name}.schema.json`,
});
const version: FieldDoc = { says: 'The form of the file. There is one.', example: 1 };

const secret = {
  kind: 'secret',
  arns: [arn('secretsmanager', 'secret:prod/db-AbC123')],
  actions: { read: ['secretsmanager:GetSecretValue'] },
};

const CATALOG: FileDoc = {
  file: 'catalog.json',
  says: 'What can be brokered. What is not in it, nobody is ever given. At most 500 resources.',
  fields: {
    $schema: schema('catalog'),
    version,
    accounts: {
      says: 'Other accounts of the organisation, whose resources are brokered too: see [deploying](deploy.md#other-accounts).',
      example: [{ id: '444455556666', name: 'data', unit: 'workloads/prod', deployRole: 'PosternDeploy' }],
    },
    'accounts[].id': { says: 'Its id.', example: '444455556666' },
    'accounts[].name': {
      says: 'What people and keys call it: small letters, digits and `-`. Unique; `broker` is the broker’s own.',
      example: 'data',
    },
    'accounts[].unit': {
      says: 'The organisational unit that it is in, as a path.',
      example: 'workloads/prod',
    },
    'accounts[].deployRole': {
      says: 'The role there that `npm run deploy` assumes. Without it somebody deploys there by hand.',
      example: 'PosternDeploy',
    },
    resources: {
      says: 'The entries, in an order that roles follow: neighbours are reached together.',
      example: undefined,
    },
    'resources[].key': {
      says: 'The name that requests, guardrails and people go by. Unique.',
      example: 'orders',
    },
    'resources[].kind': {
      says: 'What it is in AWS, which chooses how a session policy is written. `exact-arns` is anything by its ARNs; `service-wide` is listing and describing that take no resource.',
      example: 'dynamodb-table',
    },
    'resources[].arns': {
      says: 'Its ARNs, of one account, without wildcards. `${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}` are those of the broker. None for `service-wide`.',
      example: [arn('dynamodb', 'table/orders')],
    },
    'resources[].wholeArns': {
      says: 'Of a secret: the ARNs end in the six characters that AWS drew. Without it they are names; it must be said where a name ends like six such characters.',
      example: true,
      beside: secret,
    },
    'resources[].accountId': {
      says: 'Of a `service-wide` entry: the account, where it is not the broker’s own.',
      example: '444455556666',
      beside: { kind: 'service-wide', arns: [], actions: { read: ['ec2:DescribeInstances'] } },
    },
    'resources[].accounts': {
      says: 'The accounts that have it, by their ids, or by a unit as `ou:workloads/prod`, units within it included. Its ARNs say `${account}`. There is an entry for each, `<key>@<name of the account>`.',
      example: ['444455556666'],
      beside: {
        arns: ['arn:${AWS::Partition}:dynamodb:${AWS::Region}:${account}:table/orders'],
      },
    },
    'resources[].purpose': {
      says: 'What it holds and for what, in words that the reviewer and approvers read.',
      example: 'Orders of the shop, one row an order',
    },
    'resources[].sensitivity': {
      says: 'How bad it would be if it got out. Guardrails ask for it, and each has a role of its own.',
      example: 'confidential',
    },
    'resources[].actions': {
      says: 'AWS actions that may be granted, by `read`, `write` and `admin`. What is under `read` is what IAM counts as Read or List.',
      example: { read: ['dynamodb:GetItem', 'dynamodb:Query'], write: ['dynamodb:UpdateItem'] },
    },
    'resources[].maxDurationSeconds': { says: 'The longest session.', example: 1800 },
    'resources[].subjectScoped': {
      says: 'Rows, or a folder of objects, belong to the signed-in user for whom an agent asks; a session reaches that user’s alone.',
      example: true,
    },
    'resources[].leadingKey': {
      says: 'How rows are keyed, where it is not by the user’s id alone: a text around one `${subject}`, or around `${subject.CLAIM}` for what the user’s token says (the issuer’s `claims` list it).',
      example: 'USER#${subject}',
      beside: { subjectScoped: true },
    },
    'resources[].together': {
      says: 'Entries with the same word are reached by one role, and so by one session, where a role can hold them.',
      example: 'orders',
    },
    'resources[].ownerTier': {
      says: 'The tier of approvals.json that is asked first: its owners.',
      example: 'access-approvers',
    },
    'resources[].ownerRequired': {
      says: 'The owners’ silence is a denial, and not an escalation.',
      example: true,
      beside: { ownerTier: 'access-approvers' },
    },
    'resources[].kmsKeyArn': {
      says: 'The key that encrypts it, by its ARN: a session may use it through the resource’s service alone.',
      example: key,
    },
    'resources[].viaService': {
      says: 'Of a `kms-key`: the service through which alone it may be used.',
      example: 's3',
      beside: { kind: 'kms-key', arns: [key], actions: { write: ['kms:Decrypt'] } },
    },
    'resources[].acknowledgeEscalation': {
      says: 'Why an action that can widen access is brokered all the same.',
      example:
        'Deployments of the report are urgent at times, and this function runs with a role of its own.',
      beside: {
        kind: 'lambda-function',
        arns: [arn('lambda', 'function:report')],
        actions: { admin: ['lambda:UpdateFunctionCode'] },
      },
    },
  },
};

const REVIEWS = { reviewerGroup: 'access-reviewers', channel: '#access-reviews' };

const APPROVALS: FileDoc = {
  file: 'approvals.json',
  says: 'Who is asked, in which order, for how long.',
  fields: {
    $schema: schema('approvals'),
    version,
    claimCommand: {
      says: 'What requesters are told to type to take a session; the request’s id is put behind it.',
      example: 'postern claim',
    },
    tiers: {
      says: 'Asked one after the other, until people agree or the last is silent.',
      example: undefined,
    },
    'tiers[].name': { says: 'Its name. Unique.', example: 'shop-owners' },
    'tiers[].channel': {
      says: 'The Slack channel, with its `#`, or a channel’s id.',
      example: '#shop-owners',
    },
    'tiers[].approverGroup': {
      says: 'The group of principals who may vote here. May be absent where `onCall` says who does.',
      example: 'approvers',
    },
    'tiers[].onCall': {
      says: 'A rota. Whoever a [fact](facts.md#a-rota-that-approves) says is on call for it is asked, in place of the group; where nobody is, the group, or without one the next tier.',
      example: 'payments',
    },
    'tiers[].slackUserGroup': {
      says: 'A Slack user group whose members may vote too; each has to be an active principal.',
      example: 'S0123ABCD',
    },
    'tiers[].timeoutSeconds': { says: 'How long it is waited for.', example: 900 },
    'tiers[].reminderSeconds': {
      says: 'When it is reminded, before it ends.',
      example: 600,
      beside: { timeoutSeconds: 900 },
    },
    'tiers[].notifyTopicArn': {
      says: 'An SNS topic that is told as well, for when Slack is what is down.',
      example: 'arn:aws:sns:eu-central-1:111122223333:on-call',
    },
    'tiers[].ownersOnly': { says: 'It is entered only as a resource’s `ownerTier`.', example: true },
    accessReviews: {
      says: 'How access is looked at by others: see access-reviews.md. Where it is absent, the approvers of all tiers decide on those that are opened by hand.',
      example: { reviewerGroup: 'access-reviewers', channel: '#access-reviews', everyDays: 90 },
    },
    'accessReviews.everyDays': {
      says: 'Days from one to the next; without it they are opened by hand alone.',
      example: 90,
      beside: REVIEWS,
    },
    'accessReviews.openDays': { says: 'Days in which all is to be decided.', example: 14, beside: REVIEWS },
    'accessReviews.remindDays': {
      says: 'Days before the end at which reviewers are reminded.',
      example: 3,
      beside: REVIEWS,
    },
    'accessReviews.reviewerGroup': {
      says: 'Whose members decide: never on themselves or an agent of theirs.',
      example: 'access-reviewers',
      beside: { channel: '#access-reviews' },
    },
    'accessReviews.channel': {
      says: 'The Slack channel, with its `#`, or a channel’s id.',
      example: '#access-reviews',
      beside: { reviewerGroup: 'access-reviewers' },
    },
    'accessReviews.groups': {
      says: 'Only principals in one of these groups; everybody where it is left out.',
      example: ['analysts', 'support-agents'],
      beside: REVIEWS,
    },
  },
};

const limits = (whom: string): Record<string, FieldDoc> => ({
  [whom]: { says: `What each ${whom} may have and do at once.`, example: undefined },
  [`${whom}.requestsPerHour`]: {
    says: 'Requests made in an hour, changes and dry runs among them.',
    example: 120,
  },
  [`${whom}.openRequests`]: { says: 'Requests that are not decided, or not claimed, yet.', example: 20 },
  [`${whom}.liveSessions`]: {
    says: 'Sessions that have not ended, and those that open requests may become.',
    example: 20,
  },
});

const LIMITS: FileDoc = {
  file: 'limits.json',
  says: 'How much a principal may ask for, and when it is not listened to for a while.',
  fields: {
    $schema: schema('limits'),
    version,
    ...limits('human'),
    ...limits('agent'),
    suspension: { says: 'When the door closes for a while.', example: undefined },
    'suspension.denials': { says: 'So many denials …', example: 10 },
    'suspension.withinSeconds': { says: '… within so many seconds …', example: 600 },
    'suspension.forSeconds': { says: '… close it to new requests for so many.', example: 900 },
    rememberedReviews: {
      says: 'Reviews that serve the very same request again, once they led to a session; none where it is left out.',
      example: undefined,
    },
    'rememberedReviews.seconds': { says: 'For so many seconds after the model was asked.', example: 3600 },
    'rememberedReviews.wherePeopleAreAsked': {
      says: 'Also where people had to agree. They are asked each time all the same.',
      example: false,
    },
  },
};

const purpose = (what: string): FieldDoc => ({
  says: `${what}: the \`audiences\` its tokens name, and the \`clients\` of access tokens that name none.`,
  example: { audiences: ['postern'] },
});

const ISSUERS: FileDoc = {
  file: 'issuers.json',
  says: 'Whose tokens are taken, and for what. Each audience has one purpose.',
  fields: {
    $schema: schema('issuers'),
    version,
    issuers: { says: 'The issuers.', example: undefined },
    'issuers[].name': { says: 'Its name in addresses.', example: 'github' },
    'issuers[].issuer': {
      says: 'Its `iss`, over https.',
      example: 'https://token.actions.githubusercontent.com',
    },
    'issuers[].signIn': purpose('For signing in as a principal'),
    'issuers[].gateway': purpose('For the gateway'),
    'issuers[].subjects': purpose('For the signed-in users for whom agents ask'),
    'issuers[].claims': {
      says: 'Claims that it sets by itself: principals may be known by them, and rows keyed by them.',
      example: ['tenant'],
    },
    'issuers[].askOnlyClients': {
      says: 'Clients whose tokens only ask and read, as those of the device flow.',
      example: ['postern-device'],
    },
    'issuers[].consoleClients': {
      says: 'Clients of the console: their tokens claim no keys, but an address that signs in to the AWS console.',
      example: ['postern-console'],
    },
    'issuers[].trustDomain': {
      says: 'The SPIFFE trust domain whose JWT-SVIDs it signs.',
      example: 'shop.example',
    },
    'issuers[].vouchesFor': {
      says: 'Other issuers whose subjects its tokens may name as the actor.',
      example: ['https://agents.example'],
    },
  },
};

const KEY_X = 'k3H4bXHcIGwzVdo7Ce7PFjyCChM3ZcZr3fvVJmYhK2E';
const FACT_SOURCES: FileDoc = {
  file: 'facts.json',
  says: 'Who outside may state what, and by which keys they are known: see [facts](facts.md). The file may be absent: then nobody may.',
  fields: {
    $schema: schema('facts'),
    version,
    audience: {
      says: 'What facts must be made for, as their `aud`: those of another deployment are none here.',
      example: 'postern-of-the-shop',
    },
    sources: { says: 'The sources.', example: undefined },
    'sources[].id': { says: 'Its name: the `iss` of its facts. Unique.', example: 'pager' },
    'sources[].keys': {
      says: 'The public halves of its keys, as JWKs (Ed25519 or P-256), each with its `kid`. Two while one takes the place of another; what was signed by one that is gone holds no longer.',
      example: [{ kid: '2026-11', kty: 'OKP', crv: 'Ed25519', x: KEY_X }],
    },
    'sources[].states': { says: 'What it may state; each kind of fact once.', example: undefined },
    'sources[].states[].fact': {
      says: 'Somebody is on call, a reference is open, or an incident is declared.',
      example: 'incident',
    },
    'sources[].states[].values': {
      says: 'The rotas, references or incidents that it may speak of. A `*` at the end stands for whatever follows.',
      example: ['INC-*'],
    },
    'sources[].states[].longestSeconds': {
      says: 'The longest that one of them lasts.',
      example: 3600,
    },
  },
};

const GATEWAY = {
  roleArn: 'arn:aws:iam::111122223333:role/postern-gateway',
  publicKey: { kty: 'OKP', crv: 'X25519', x: KEY_X },
  recordKey: { kty: 'OKP', crv: 'Ed25519', x: KEY_X },
};

const CONSOLE = { issuer: 'login', clientId: 'postern-console' };
const CHAT = { issuer: 'customers', clientId: 'bank-app' };
const CHAT_MODEL = { name: 'gpt-5-mini' };
const GATEWAY_TASKS = {
  image: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/postern-gateway@sha256:${'0'.repeat(64)}`,
  hostName: 'gateway.shop.example',
  certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
  seedSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:postern/gateway-AbC123',
  vpcId: 'vpc-0123456789abcdef0',
  subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  allowedCidrs: ['10.0.0.0/8'],
};
/** A field of the gateway's tasks, with the others that there have to be. */
const ofTasks = (says: string, example: unknown): FieldDoc => ({ says, example, beside: GATEWAY_TASKS });

const WEBHOOK = { name: 'pager', url: 'https://relay.shop.example/postern' };

const DEPLOYMENT: FileDoc = {
  file: 'deployment.json',
  says: 'Where and how it is deployed. The file may be absent, as may each of its fields.',
  fields: {
    $schema: schema('deployment'),
    account: {
      says: 'The account that is deployed to; credentials of another are refused.',
      example: '111122223333',
    },
    region: { says: 'The region, likewise.', example: 'eu-central-1' },
    openaiBaseUrl: {
      says: 'The reviewer: any endpoint that speaks OpenAI’s Responses API.',
      example: 'https://api.openai.com/v1',
    },
    openaiModel: { says: 'The reviewer’s model.', example: 'gpt-5-mini' },
    reviewers: {
      says: 'Who reviews; the second is asked where the first cannot be.',
      example: ['bedrock', 'openai'],
      beside: { bedrockModel: 'amazon.nova-pro-v1:0' },
    },
    bedrockModel: {
      says: 'The model at Amazon Bedrock: of the region, or an inference profile of its geography.',
      example: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
      beside: { reviewers: ['bedrock'] },
    },
    subjectsInPrompts: {
      says: 'Whether models are told the identifiers of the users for whom agents ask: see what-models-see.md.',
      example: 'hidden',
    },
    requireRecipientKey: {
      says: 'Claims must bring a key, so that credentials are never in clear at the front door.',
      example: true,
    },
    callbackStateMachines: {
      says: 'State machines of this account and region whose tasks may wait on a request.',
      example: ['payments-report'],
    },
    webhooks: {
      says: 'Addresses outside that are told of requests that people decide: see webhooks.md. Five at most.',
      example: [WEBHOOK],
    },
    'webhooks[].name': {
      says: 'Its name, by which its secret is found. Unique.',
      example: 'pager',
      beside: WEBHOOK,
    },
    'webhooks[].url': {
      says: 'Where it is posted to: `https://`, a public name. It is no place for a secret.',
      example: WEBHOOK.url,
      beside: WEBHOOK,
    },
    'webhooks[].events': {
      says: 'What it is told of: `asked`, `escalated`, `decided`; all of it where absent.',
      example: ['decided'],
      beside: WEBHOOK,
    },
    console: {
      says: 'The console, as people sign in to it: a public client (authorization code with PKCE) of an issuer.',
      example: CONSOLE,
    },
    'console.issuer': {
      says: 'The issuer’s name in `issuers.json`.',
      example: CONSOLE.issuer,
      beside: CONSOLE,
    },
    'console.clientId': { says: 'The client there.', example: CONSOLE.clientId, beside: CONSOLE },
    'console.scope': {
      says: 'What is asked of the issuer; with `offline_access` people stay signed in for eight hours.',
      example: 'openid offline_access',
      beside: CONSOLE,
    },
    'console.url': {
      says: 'Where browsers find it, where that is a name of one’s own: a scheme and a host.',
      example: 'https://postern.shop.example',
      beside: CONSOLE,
    },
    chat: {
      says: 'The support chat of the demo bank, for its customers; refused in a deployment without `--demo`.',
      example: CHAT,
    },
    'chat.issuer': {
      says: 'The issuer’s name in `issuers.json`, with its customers as `subjects`.',
      example: CHAT.issuer,
      beside: CHAT,
    },
    'chat.clientId': {
      says: 'The client by which they sign in: a public one, and a client or audience of those `subjects`.',
      example: CHAT.clientId,
      beside: CHAT,
    },
    'chat.scope': { says: 'What is asked of the issuer.', example: 'openid', beside: CHAT },
    'chat.url': {
      says: 'Where browsers find it, where that is a name of one’s own: a scheme and a host.',
      example: 'https://chat.bank.example',
      beside: CHAT,
    },
    'chat.model': {
      says: 'The language model that answers, by the Chat Completions API; a few rules do where it is absent. Its key is the secret `postern/chat-model`.',
      example: CHAT_MODEL,
      beside: CHAT,
    },
    'chat.model.name': {
      says: 'Its name.',
      example: CHAT_MODEL.name,
      beside: CHAT_MODEL,
    },
    'chat.model.baseUrl': {
      says: 'Its endpoint, where that is not OpenAI’s.',
      example: 'https://models.bank.example/v1',
      beside: CHAT_MODEL,
    },
    eventsTopic: {
      says: 'Makes an SNS topic, `postern-events`, that is told of the same.',
      example: true,
    },
    scim: {
      says: 'An identity provider says who the people are, by SCIM 2.0: docs/people.md.',
      example: true,
    },
    facts: {
      says: 'Sources outside state facts, by a door of their own: docs/facts.md.',
      example: true,
    },
    frontDoorConcurrency: {
      says: 'Runs kept for the front door, and its most; `unreserved` keeps none.',
      example: 'unreserved',
    },
    gateways: {
      says: 'The gateways that may ask for principals who let them, and be sealed their sessions.',
      example: [GATEWAY],
    },
    'gateways[].roleArn': {
      says: 'The role that it calls the broker with.',
      example: GATEWAY.roleArn,
      beside: GATEWAY,
    },
    'gateways[].publicKey': {
      says: 'What sessions are sealed to, as a JWK: X25519 or P-256.',
      example: GATEWAY.publicKey,
      beside: GATEWAY,
    },
    'gateways[].recordKey': {
      says: 'Verifies its records of calls, as a JWK: Ed25519.',
      example: GATEWAY.recordKey,
      beside: GATEWAY,
    },
    gatewayTasks: {
      says: 'Runs the first of `gateways` as Fargate tasks behind a network load balancer, in a VPC that is there: see [the gateway](gateway.md#on-aws).',
      example: GATEWAY_TASKS,
    },
    'gatewayTasks.image': ofTasks('Its image in ECR, by its digest.', GATEWAY_TASKS.image),
    'gatewayTasks.hostName': ofTasks('The name that clients call it by.', GATEWAY_TASKS.hostName),
    'gatewayTasks.certificateArn': ofTasks(
      'The certificate of that name and, for buckets in host names, of `*.` before it.',
      GATEWAY_TASKS.certificateArn,
    ),
    'gatewayTasks.seedSecretArn': ofTasks(
      'The secret that holds its seed; the tasks alone read it.',
      GATEWAY_TASKS.seedSecretArn,
    ),
    'gatewayTasks.vpcId': ofTasks('The VPC.', GATEWAY_TASKS.vpcId),
    'gatewayTasks.subnetIds': ofTasks(
      'At least two subnets, in zones of their own, with a way to AWS.',
      GATEWAY_TASKS.subnetIds,
    ),
    'gatewayTasks.allowedCidrs': ofTasks('Who may connect to it.', GATEWAY_TASKS.allowedCidrs),
    'gatewayTasks.tasks': ofTasks('How many tasks there are.', 3),
    'gatewayTasks.isPublic': ofTasks(
      'Gives the load balancer addresses on the internet; tasks have none.',
      true,
    ),
    'gatewayTasks.vpcEndpointIds': ofTasks(
      'Endpoints that the tasks’ own calls must come through, so that keys of their role are worth nothing elsewhere.',
      ['vpce-0123456789abcdef0'],
    ),
    tokenDoorConcurrency: { says: 'The same for the door for tokens.', example: 100 },
    publicTokenDoor: {
      says: 'Agrees that the door for tokens is on the internet, where the API is private: HTTP APIs cannot be private.',
      example: true,
    },
    allowedAccounts: { says: 'Other accounts whose principals may call the API.', example: ['444455556666'] },
    allowedOrganization: {
      says: 'An organisation, any account of which may call the API.',
      example: 'o-a1b2c3d4e5',
    },
    vpcEndpointId: {
      says: 'Makes the API private: it is reached through this endpoint only.',
      example: 'vpce-0a1b2c3d',
    },
    webAclArn: {
      says: 'A regional WAF web ACL in front of the API.',
      example: 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/postern/1',
    },
    archiveDays: {
      says: 'How long archived audit records can be neither changed nor deleted.',
      example: 365,
    },
    archiveForGood: {
      says: 'Nobody can shorten that, the root user included. It cannot be undone.',
      example: true,
    },
    dataEvents: {
      says: 'A trail of every item read or written in the catalog’s tables; charged by the event.',
      example: true,
    },
    passkeyOrigin: {
      says: 'The console’s origin, at which approvers vote with passkeys. Passkeys are bound to it: moved, each is enrolled anew.',
      example: 'https://console.shop.example',
    },
    alarmEmail: { says: 'Who is told of alarms.', example: 'on-call@shop.example' },
  },
};

/** Every file of the configuration that has a schema. */
export const CONFIG_DOCS: readonly FileDoc[] = [
  CATALOG,
  APPROVALS,
  LIMITS,
  ISSUERS,
  FACT_SOURCES,
  DEPLOYMENT,
];
