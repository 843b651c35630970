import { expect, test } from 'vitest';
import { failuresOf, LIVE_CHECKS } from '../../../infra/deploy/live-checks.ts';
import { template } from '../../support/template.ts';

const locked = {
  ObjectLockEnabled: true,
  ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } } },
};
const [PIPE, ARCHIVE, ALARMS, RULES, TRAIL] = LIVE_CHECKS;
const OF_READS = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
const STS = { source: ['aws.sts'] };
const selecting = (...Equals: [string, string][]) => ({
  IsLogging: true,
  AdvancedEventSelectors: [{ FieldSelectors: Equals.map(([Field, value]) => ({ Field, Equals: [value] })) }],
});

test.each([
  ['a pipe that runs', PIPE, [{ CurrentState: 'RUNNING' }], 0],
  ['a pipe that stopped', PIPE, [{ CurrentState: 'STOPPED' }], 1],
  ['no pipe', PIPE, [], 1],
  ['a locked archive beside a bucket that is not', ARCHIVE, [{}, locked], 0],
  ['an archive that is locked by name only', ARCHIVE, [{ ObjectLockEnabled: true }], 1],
  ['alarms with actions', ALARMS, [{ AlarmActions: ['arn:topic'] }, { AlarmActions: ['arn:topic'] }], 0],
  ['an alarm that tells nobody', ALARMS, [{ AlarmActions: [] }, { AlarmActions: ['arn:topic'] }], 1],
  ['rules that are on', RULES, [{ State: 'ENABLED' }, { State: OF_READS, EventPattern: STS }], 0],
  ['a rule that is off', RULES, [{ State: 'DISABLED' }, { State: 'ENABLED' }], 1],
  ['a rule of AssumeRole that hears of writes alone', RULES, [{ State: 'ENABLED', EventPattern: STS }], 1],
  ['no rule', RULES, [], 1],
  ['a trail of everything', TRAIL, [{ IsLogging: true }], 0],
  ['no trail', TRAIL, [], 1],
  ['a trail that is stopped', TRAIL, [{ IsLogging: false }], 1],
  ['a trail of writes', TRAIL, [{ IsLogging: true, EventSelectors: [{ ReadWriteType: 'WriteOnly' }] }], 1],
  ['a trail of data events', TRAIL, [selecting(['eventCategory', 'Data'])], 1],
  [
    'a trail of management events that write',
    TRAIL,
    [selecting(['eventCategory', 'Management'], ['readOnly', 'false'])],
    1,
  ],
  [
    'such a trail beside one of all management events',
    TRAIL,
    [selecting(['eventCategory', 'Data']), selecting(['eventCategory', 'Management'])],
    0,
  ],
  ['an alarm that is muted', ALARMS, [{ AlarmActions: ['arn:topic'], ActionsEnabled: false }], 1],
])('%s', async (_, check, standing, failures) => {
  if (!check) throw new Error('there is no such check');
  const resources = standing.map((_, index) => ({ typeName: check.typeName, identifier: String(index) }));
  const failed = await failuresOf(check, {
    resources,
    list: async () => resources,
    read: async ({ identifier }) => standing[Number(identifier)] ?? {},
  });
  expect(failed).toHaveLength(failures);
});

test('the template itself holds what is looked for', async () => {
  const made = Object.entries(template().Resources);
  const resources = made.map(([identifier, { Type }]) => ({ typeName: Type, identifier }));
  const read = async ({ identifier, typeName }: (typeof resources)[number]) => ({
    ...template().Resources[identifier]?.Properties,
    ...(typeName === 'AWS::Pipes::Pipe' && { CurrentState: 'RUNNING' }),
  });
  // A trail is the account's own: docs/deploy.md asks for it.
  const list = async () => [{ typeName: 'AWS::CloudTrail::Trail', identifier: 'of-the-account' }];
  const readAll = async (resource: (typeof resources)[number]) =>
    resource.identifier === 'of-the-account' ? { IsLogging: true } : read(resource);
  for (const check of LIVE_CHECKS)
    expect(await failuresOf(check, { resources, list, read: readAll })).toEqual([]);
});
