import { createHash } from 'node:crypto';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { EventHistory, HeldEvent } from '../cloudtrail/event-history.ts';
import { type NameOthers, needing, serviceOf } from '../operation.ts';
import type { AwsCall, AwsService } from '../types.ts';

const DAY_MS = 86_400_000;
/** The history of events goes back so far. */
const MOST_DAYS = 90;
const MOST_RESULTS = 50;

const refused = (code: string, message: string) => new AwsError(code, message, 400);

/** What an event may be looked up by; one of these at a time. */
const ATTRIBUTES: Readonly<Record<string, (event: HeldEvent, value: string) => boolean>> = {
  AccessKeyId: ({ accessKeyId }, value) => accessKeyId === value,
  EventId: ({ id }, value) => id === value,
  EventName: ({ name }, value) => name === value,
  EventSource: ({ source }, value) => source === value,
  ReadOnly: ({ isReadOnly }, value) => String(isReadOnly) === value,
  ResourceName: ({ resources }, value) => resources.some(({ ResourceName }) => ResourceName === value),
  ResourceType: ({ resources }, value) => resources.some(({ ResourceType }) => ResourceType === value),
  Username: ({ username }, value) => username === value,
};

function attributeIn({ LookupAttributes: list = [] }: AwsCall['input']): (event: HeldEvent) => boolean {
  const wrong = () =>
    refused(
      'InvalidLookupAttributesException',
      'One attribute at most, of a key and a value, is looked up by.',
    );
  if (!Array.isArray(list) || list.length > 1) throw wrong();
  const [attribute] = list as unknown[];
  if (attribute === undefined) return () => true;
  const { AttributeKey: key, AttributeValue: value } = Object(attribute);
  const holds = typeof key === 'string' && Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : undefined;
  if (!holds || typeof value !== 'string' || value === '' || value.length > 2_000) throw wrong();
  return (event) => holds(event, value);
}

/** A moment as its protocol writes it: seconds, with a fraction. */
function momentIn(input: AwsCall['input'], name: string, otherwise: number): number {
  const value = input[name];
  if (value === undefined) return otherwise;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw refused('InvalidTimeRangeException', `${name} is no moment.`);
  return value * 1000;
}

/** What a page goes on with is good for the same look-up alone, in the same region. */
const digestOf = ({ input: { NextToken: _, ...wanted }, region }: AwsCall): string =>
  createHash('sha256')
    .update(JSON.stringify([region, Object.entries(wanted).sort()]))
    .digest('base64url')
    .slice(0, 22);

function tokenIn(call: AwsCall): number {
  const { NextToken: token } = call.input;
  if (token === undefined) return Number.POSITIVE_INFINITY;
  const [digest, place = ''] = typeof token === 'string' ? token.split('.') : [];
  if (digest !== digestOf(call) || !/^\d{1,15}$/.test(place))
    throw refused('InvalidNextTokenException', 'The token is none of this look-up.');
  return Number(place);
}

/**
 * CloudTrail's history of events, as LookupEvents answers it; the account has no trail. It is not held to two calls a second.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export function createCloudtrail(history: EventHistory, now: () => Date, nameOthers: NameOthers): AwsService {
  function lookupEvents(call: AwsCall) {
    const { input, region } = call;
    const holds = attributeIn(input);
    const oldest = now().getTime() - MOST_DAYS * DAY_MS;
    const [from, until] = [momentIn(input, 'StartTime', oldest), momentIn(input, 'EndTime', now().getTime())];
    if (from > until) throw refused('InvalidTimeRangeException', 'It begins after it ends.');
    const { MaxResults: size = MOST_RESULTS, EventCategory: category } = input;
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > MOST_RESULTS)
      throw refused('InvalidMaxResultsException', `MaxResults is from 1 to ${MOST_RESULTS}.`);
    // There are events of one more kind, of which the sandbox makes none.
    if (category !== undefined && category !== 'insight')
      throw refused('InvalidEventCategoryException', 'EventCategory is insight, or left out.');
    const before = tokenIn(call);
    const found = (category === undefined ? history.events() : []).filter(
      (event) =>
        event.place < before &&
        event.region === region &&
        event.happenedAt.getTime() >= Math.max(from, oldest) &&
        event.happenedAt.getTime() <= until &&
        holds(event),
    );
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      Events: page.map(shown),
      ...(last && found.length > size && { NextToken: `${digestOf(call)}.${last.place}` }),
    };
  }

  return serviceOf(
    'cloudtrail',
    {
      LookupEvents: { needs: needing('cloudtrail:LookupEvents', () => '*'), run: lookupEvents },
      DescribeTrails: {
        needs: needing('cloudtrail:DescribeTrails', () => '*'),
        run: () => ({ trailList: [] }),
      },
    },
    nameOthers,
  );
}

const shown = ({
  id,
  name,
  source,
  happenedAt,
  isReadOnly,
  accessKeyId,
  username,
  resources,
  record,
}: HeldEvent) => ({
  EventId: id,
  EventName: name,
  ReadOnly: String(isReadOnly),
  AccessKeyId: accessKeyId,
  EventTime: Math.floor(happenedAt.getTime() / 1000),
  EventSource: source,
  Username: username,
  Resources: resources,
  CloudTrailEvent: JSON.stringify(record),
});
