import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Scene } from '../../demo/play-scenes.ts';
import type { ClientOptions } from './aws-account.ts';

const LOG_GROUP = '/aws/lambda/postern-check-session';
/** CloudTrail delivers most events within five minutes, and promises fifteen. */
const MOST_MS = 15 * 60_000;
const BETWEEN_MS = 2_000;

/**
 * Whether CloudTrail has told the broker of a session that was minted since `from`: the rule fired and check-session,
 * which looks for the session's record, ran to its end. It comes last, since CloudTrail takes minutes.
 */
export function makeSessionWatch(from: Date, options: ClientOptions = {}, mostMs = MOST_MS): Scene {
  const logs = new CloudWatchLogsClient(options);
  const lookedFor = async (): Promise<boolean> => {
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: LOG_GROUP,
        startTime: from.getTime(),
        filterPattern: '"step done"',
      }),
    );
    return events.length > 0;
  };
  return {
    what: 'CloudTrail tells of the session, and the broker looks for its record',
    expected: 'looked for',
    otherwise:
      'No event came: no trail logs management events here, or a rule is off (both are looked at above), or the log postern-check-session says why it failed. Until then nothing tells of sessions that the broker did not make.',
    async run() {
      const end = Date.now() + mostMs;
      for (;;) {
        if (await lookedFor()) return 'looked for';
        if (Date.now() > end) return `not within ${mostMs / 60_000} minutes`;
        await sleep(BETWEEN_MS);
      }
    },
  };
}
