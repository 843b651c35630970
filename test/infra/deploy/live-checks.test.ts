import { expect, test } from 'vitest';
import { failuresOf, LIVE_CHECKS } from '../../../infra/deploy/live-checks.ts';
import { template } from '../../support/template.ts';

const locked = {
  ObjectLockEnabled: true,
  ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } } },
};
const [PIPE, ARCHIVE, ALARMS] = LIVE_CHECKS;

test.each([
  ['a pipe that runs', PIPE, [{ CurrentState: 'RUNNING' }], 0],
  ['a pipe that stopped', PIPE, [{ CurrentState: 'STOPPED' }], 1],
  ['no pipe', PIPE, [], 1],
  ['a locked archive beside a bucket that is not', ARCHIVE, [{}, locked], 0],
  ['an archive that is locked by name only', ARCHIVE, [{ ObjectLockEnabled: true }], 1],
  ['alarms with actions', ALARMS, [{ AlarmActions: ['arn:topic'] }, { AlarmActions: ['arn:topic'] }], 0],
  ['an alarm that tells nobody', ALARMS, [{ AlarmActions: [] }, { AlarmActions: ['arn:topic'] }], 1],
  ['an alarm that is muted', ALARMS, [{ AlarmActions: ['arn:topic'], ActionsEnabled: false }], 1],
])('%s', async (_, check, standing, failures) => {
  if (!check) throw new Error('there is no such check');
  const resources = standing.map((_, index) => ({ typeName: check.typeName, identifier: String(index) }));
  const failed = await failuresOf(check, {
    resources,
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
  for (const check of LIVE_CHECKS) expect(await failuresOf(check, { resources, read })).toEqual([]);
});
