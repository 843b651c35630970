import { AwsError } from '../../../gateway/wire/aws-error.ts';
import { readFilterPattern } from '../logs/filter-pattern.ts';
import type { LogEvent, LogGroups, LogStream } from '../logs/log-store.ts';
import { type NameOthers, needing, numberIn, type Operation, serviceOf, textIn } from '../operation.ts';
import type { AwsCall, AwsService } from '../types.ts';

const PAGE = { least: 1, most: 10_000, otherwise: 10_000 };
const STREAMS_PAGE = { least: 1, most: 50, otherwise: 50 };

/** A group by its name, or by its ARN. */
function groupIn(call: AwsCall): string {
  if (call.input.logGroupName !== undefined) return textIn(call, 'logGroupName');
  return textIn(call, 'logGroupIdentifier')
    .replace(/^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:/, '')
    .replace(/:\*$/, '');
}

/** Events from a time on, and before another. */
const within =
  ({ input: { startTime, endTime } }: AwsCall) =>
  ({ timestamp }: LogEvent): boolean =>
    (startTime === undefined || timestamp >= Number(startTime)) &&
    (endTime === undefined || timestamp < Number(endTime));

/** Where a page begins, which callers hand back as they got it. */
function offsetIn({ input }: AwsCall, name: 'nextToken'): number {
  const [, offset] = /^[fb]?\/?(\d{1,9})$/.exec(String(input[name] ?? '0')) ?? [];
  if (offset === undefined) throw new AwsError('InvalidParameterException', 'nextToken is none.', 400);
  return Number(offset);
}

/** CloudWatch Logs, as far as the catalog names its groups. `arnStart` is `arn:…:log-group:`. */
export function createLogs(groups: LogGroups, arnStart: string, nameOthers: NameOthers): AwsService {
  // As AWS's own refusals name it: of a call on a group, the stream is left empty.
  const onGroup = (action: string): Operation['needs'] =>
    needing(action, (call) => `${arnStart}${groupIn(call)}:log-stream:`);
  const onStream = (action: string): Operation['needs'] =>
    needing(action, (call) => `${arnStart}${groupIn(call)}:log-stream:${textIn(call, 'logStreamName')}`);
  const streamIn = (call: AwsCall): LogStream => groups.stream(groupIn(call), textIn(call, 'logStreamName'));
  const groupArn = (name: string) => `${arnStart}${name}`;

  function describeGroups(call: AwsCall) {
    const prefix = String(call.input.logGroupNamePrefix ?? '');
    const limit = numberIn(call, 'limit', STREAMS_PAGE);
    const offset = offsetIn(call, 'nextToken');
    const found = groups.names().filter((name) => name.startsWith(prefix));
    return {
      logGroups: found.slice(offset, offset + limit).map((name) => ({
        logGroupName: name,
        creationTime: groups.startedAt,
        arn: `${groupArn(name)}:*`,
        logGroupArn: groupArn(name),
      })),
      ...(found.length > offset + limit && { nextToken: String(offset + limit) }),
    };
  }

  function describeStreams(call: AwsCall) {
    const group = groupIn(call);
    const prefix = String(call.input.logStreamNamePrefix ?? '');
    const limit = numberIn(call, 'limit', STREAMS_PAGE);
    const offset = offsetIn(call, 'nextToken');
    const found = groups.streams(group).filter(({ name }) => name.startsWith(prefix));
    return {
      logStreams: found.slice(offset, offset + limit).map(({ name, createdAt, events }) => ({
        logStreamName: name,
        creationTime: createdAt,
        arn: `${groupArn(group)}:log-stream:${name}`,
        ...(events.length > 0 && {
          firstEventTimestamp: events[0]?.timestamp,
          lastEventTimestamp: events.at(-1)?.timestamp,
        }),
      })),
      ...(found.length > offset + limit && { nextToken: String(offset + limit) }),
    };
  }

  function getEvents(call: AwsCall) {
    const events = streamIn(call).events.filter(within(call));
    const limit = numberIn(call, 'limit', PAGE);
    const first = call.input.startFromHead === true ? 0 : Math.max(0, events.length - limit);
    const from = call.input.nextToken === undefined ? first : offsetIn(call, 'nextToken');
    const page = events.slice(from, from + limit);
    return {
      events: page,
      nextForwardToken: `f/${from + page.length}`,
      nextBackwardToken: `b/${Math.max(0, from - limit)}`,
    };
  }

  function filterEvents(call: AwsCall) {
    const { logStreamNames, logStreamNamePrefix } = call.input;
    const isWanted = ({ name }: LogStream) =>
      (!Array.isArray(logStreamNames) || logStreamNames.includes(name)) &&
      name.startsWith(String(logStreamNamePrefix ?? ''));
    const holds = readFilterPattern(String(call.input.filterPattern ?? ''));
    const events = groups
      .streams(groupIn(call))
      .filter(isWanted)
      .flatMap(({ name, events: all }) =>
        all.flatMap((event, place) => ({ ...event, logStreamName: name, eventId: `${name}/${place}` })),
      )
      .filter((event) => within(call)(event) && holds(event.message))
      .sort((left, right) => left.timestamp - right.timestamp);
    const limit = numberIn(call, 'limit', PAGE);
    const offset = offsetIn(call, 'nextToken');
    return {
      events: events.slice(offset, offset + limit),
      ...(events.length > offset + limit && { nextToken: String(offset + limit) }),
    };
  }

  function putEvents(call: AwsCall) {
    const events = Array.isArray(call.input.logEvents) ? (call.input.logEvents as Partial<LogEvent>[]) : [];
    const written = events.map(({ timestamp, message }) => {
      if (typeof timestamp === 'number' && typeof message === 'string' && message !== '')
        return { timestamp, message };
      throw new AwsError('InvalidParameterException', 'An event has a timestamp and a message.', 400);
    });
    groups.put(streamIn(call), written);
    return {};
  }

  return serviceOf(
    'logs',
    {
      DescribeLogGroups: {
        needs: needing('logs:DescribeLogGroups', () => `${arnStart}:log-stream:`),
        run: describeGroups,
      },
      DescribeLogStreams: { needs: onGroup('logs:DescribeLogStreams'), run: describeStreams },
      FilterLogEvents: { needs: onGroup('logs:FilterLogEvents'), run: filterEvents },
      GetLogEvents: { needs: onStream('logs:GetLogEvents'), run: getEvents },
      CreateLogStream: {
        needs: onGroup('logs:CreateLogStream'),
        run(call) {
          groups.createStream(groupIn(call), textIn(call, 'logStreamName'));
          return {};
        },
      },
      PutLogEvents: { needs: onStream('logs:PutLogEvents'), run: putEvents },
    },
    nameOthers,
  );
}
