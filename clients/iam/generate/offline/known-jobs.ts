/** What a verb means, as far as words tell. */
export type Verb = 'read' | 'list' | 'write' | 'delete' | 'run' | 'stop' | 'create';

/** What is done to a kind of resource, by verb. */
export type KnownJob = {
  /** How the kind is called in prose. */
  readonly noun: RegExp;
  readonly service: string;
  readonly type: string;
  readonly actions: Readonly<Partial<Record<Verb, readonly string[]>>>;
};

/** Verbs, as they are written in prose. A verb that is of one kind alone is there only for that. */
export const VERBS: readonly (readonly [verb: Verb, words: RegExp])[] = [
  [
    'read',
    /\b(?:read|reads|reading|get|gets|fetch\w*|download\w*|view\w*|load\w*|look(?:s|ing)? up|quer(?:y|ies|ying)|pull\w*|consum\w+|receiv\w+|poll\w*|inspect\w*|search\w*)\b/i,
  ],
  ['list', /\b(?:list|lists|listing|enumerat\w+|describ\w+)\b/i],
  [
    'write',
    /\b(?:writ\w+|put|puts|upload\w*|stor(?:e|es|ing)|sav(?:e|es|ing)|updat\w+|modif\w+|push\w*|send\w*|publish\w*|add|adds|adding|insert\w*|emit\w*|edit\w*|chang(?:e|es|ing)|post\w*)\b/i,
  ],
  ['delete', /\b(?:delet\w+|remov\w+|purg\w+|eras\w+)\b/i],
  [
    'run',
    /\b(?:invok\w+|run|runs|running|start|starts|starting|execut(?:e|es|ing)|call|calls|calling|trigger\w*)\b/i,
  ],
  ['stop', /\b(?:stop|stops|stopping)\b/i],
  ['create', /\b(?:creat\w+|deploy\w*)\b/i],
];

const actionsOf = (service: string, names: string): string[] =>
  names.split(' ').map((name) => `${service}:${name}`);

const job = (
  noun: RegExp,
  service: string,
  type: string,
  actions: Readonly<Partial<Record<Verb, string>>>,
): KnownJob => ({
  noun,
  service,
  type,
  actions: Object.fromEntries(
    Object.entries(actions).map(([verb, names]) => [verb, actionsOf(service, names)]),
  ),
});

/** Kinds of resources that prose most often speaks of, and the least that each verb takes. A test holds each to IAM's data. */
export const KNOWN_JOBS: readonly KnownJob[] = [
  job(/\bbuckets?\b/i, 's3', 'object', {
    read: 'GetObject ListBucket',
    list: 'ListBucket',
    write: 'PutObject',
    delete: 'DeleteObject',
  }),
  job(/\btables?\b/i, 'dynamodb', 'table', {
    read: 'BatchGetItem GetItem Query',
    list: 'Scan',
    write: 'PutItem UpdateItem',
    delete: 'DeleteItem',
  }),
  job(/\bqueues?\b/i, 'sqs', 'queue', {
    read: 'DeleteMessage GetQueueAttributes ReceiveMessage',
    write: 'SendMessage',
    delete: 'DeleteMessage',
  }),
  job(/\btopics?\b/i, 'sns', 'topic', { write: 'Publish', run: 'Publish' }),
  job(/\bsecrets?\b/i, 'secretsmanager', 'Secret', { read: 'GetSecretValue', write: 'PutSecretValue' }),
  job(/\bparameters?\b/i, 'ssm', 'parameter', {
    read: 'GetParameter GetParameters GetParametersByPath',
    write: 'PutParameter',
    delete: 'DeleteParameter',
  }),
  job(/\b(?:lambda )?functions?\b/i, 'lambda', 'function', {
    read: 'GetFunction',
    write: 'UpdateFunctionCode',
    run: 'InvokeFunction',
    create: 'CreateFunction',
    delete: 'DeleteFunction',
  }),
  job(/\blog[ -]?groups?\b/i, 'logs', 'log-group', {
    read: 'FilterLogEvents GetLogEvents',
    write: 'CreateLogStream PutLogEvents',
  }),
  job(/\b(?:kinesis )?streams?\b/i, 'kinesis', 'stream', {
    read: 'DescribeStreamSummary GetRecords GetShardIterator ListShards',
    write: 'PutRecord PutRecords',
  }),
  job(/\bstate ?machines?\b/i, 'states', 'statemachine', {
    run: 'StartExecution',
    read: 'DescribeStateMachine',
  }),
  job(/\b(?:ecr |image )?(?:repository|repositories)\b/i, 'ecr', 'repository', {
    read: 'BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer',
    write: 'BatchCheckLayerAvailability CompleteLayerUpload InitiateLayerUpload PutImage UploadLayerPart',
  }),
  job(/\bevent[ -]?bus(?:es)?\b/i, 'events', 'event-bus', { write: 'PutEvents' }),
  job(/\b(?:ec2 )?instances?\b/i, 'ec2', 'instance', {
    run: 'StartInstances',
    stop: 'StopInstances',
    list: 'DescribeInstances',
  }),
];
