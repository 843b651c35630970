import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { Room } from '../make-room.ts';

/** An event of a log stream. Times in milliseconds since 1970. */
export type LogEvent = {
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
};
export type LogStream = { readonly name: string; readonly createdAt: number; events: readonly LogEvent[] };

const gone = (what: string) =>
  new AwsError('ResourceNotFoundException', `The specified log ${what} does not exist.`, 400);

export type LogGroups = ReturnType<typeof openLogGroups>;

/** Log groups with their streams, in memory. */
export function openLogGroups(names: readonly string[], room: Room) {
  const groups = new Map(names.map((name) => [name, new Map<string, LogStream>()]));

  function streamsOf(group: string): Map<string, LogStream> {
    const streams = groups.get(group);
    if (streams) return streams;
    throw gone('group');
  }

  return {
    startedAt: Date.now(),
    names: () => [...groups.keys()].sort(),
    streams: (group: string): LogStream[] =>
      [...streamsOf(group).values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
    stream(group: string, name: string): LogStream {
      const stream = streamsOf(group).get(name);
      if (stream) return stream;
      throw gone('stream');
    },
    createStream(group: string, name: string): void {
      const streams = streamsOf(group);
      if (streams.has(name))
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists', 400);
      room.take(name.length);
      streams.set(name, { name, createdAt: Date.now(), events: [] });
    },
    put(stream: LogStream, events: readonly Omit<LogEvent, 'ingestionTime'>[]): void {
      for (const { message } of events) room.take(message.length);
      const ingestionTime = Date.now();
      stream.events = [...stream.events, ...events.map((event) => ({ ...event, ingestionTime }))].sort(
        (left, right) => left.timestamp - right.timestamp,
      );
    },
  };
}
