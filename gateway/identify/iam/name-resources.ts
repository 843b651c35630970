import type { NamedCall, Resource } from '../named-call.ts';
import { couldBe, fillTemplate, isArnOf, openPlaceholders, type Place, readArn } from './arn-template.ts';
import { fillNames, isPlain } from './fill-names.ts';
import type { IamService } from './open-iam-data.ts';
import { ALWAYS_MADE, COPIED, MADE, OTHER_ARNS } from './parameters-of-arns.ts';
import {
  allSaid,
  couldSay,
  isByArnAlone,
  isNameOf,
  namedWithoutPath,
  namedWithPath,
  saidOf,
} from './said-of.ts';
import { taggedInEc2 } from './tagged-in-ec2.ts';

const UNKNOWN: Resource = { kind: 'unknown' };

/** A queue's URL says its account and name; nothing else of a URL is believed. */
const QUEUE_URL = /^https?:\/\/[^/?#]+\/(\d{12})\/([A-Za-z0-9_-]{1,80}(?:\.fifo)?)$/;

type Asked = {
  readonly kind: string;
  readonly template: string;
  readonly iam: IamService;
  readonly call: NamedCall;
  readonly place: Place;
  readonly isRequired: boolean;
};

/** The ARNs of a kind of resource, of the names that the call says. */
function byNames({ kind, template, iam, call, place }: Asked): string[] | undefined {
  const open = openPlaceholders(template);
  const said = open.map((name) => saidOf(name, kind, iam, call));
  if (said.some((texts) => texts.length === 0)) return undefined;
  // Several of two parameters are no pairs, but where one parameter says both.
  const lists = new Set(said.filter((texts) => texts.length > 1).map((texts) => texts.join('\n')));
  if (lists.size > 1) return undefined;
  const most = Math.max(1, ...said.map((texts) => texts.length));
  const arns: string[] = [];
  for (let each = 0; each < most; each += 1) {
    const texts = said.map((all) => all[all.length > 1 ? each : 0] ?? '');
    const arn = arnOf(template, new Map(open.map((name, index) => [name, texts[index] ?? ''])), iam, place);
    if (arn === undefined) return undefined;
    arns.push(arn);
  }
  return arns;
}

function arnOf(
  template: string,
  said: ReadonlyMap<string, string>,
  iam: IamService,
  place: Place,
): string | undefined {
  const whole = [...said.values()].find((text) => text.startsWith('arn:') && couldBe(template, text));
  if (whole !== undefined) return /[*?\s]/.test(whole) ? undefined : whole;
  const [first = ''] = said.values();
  const [, account = place.account, queue] = (iam.prefix === 'sqs' && QUEUE_URL.exec(first)) || [];
  return fillNames(
    template,
    queue === undefined ? said : new Map([...said.keys()].map((name) => [name, queue])),
    iam,
    {
      ...place,
      account,
    },
  );
}

/**
 * ARNs that the call says, in whichever parameter, and that have the form of this resource: `ResourceArn` of a tag,
 * `taskDefinition` of a service. An ARN of another form is of something else.
 */
function byForm({ template, call }: Asked): string[] | undefined {
  const found = allSaid(call).filter((text) => isArnOf(template, text));
  return found.length > 0 ? found : undefined;
}

/** The ARNs of what holds something that the call says by its ARN: the service of a deployment, all of whose parts it has. */
function byParts({ template, iam, call }: Asked): string[] | undefined {
  const open = openPlaceholders(template);
  const arns = allSaid(call).filter((text) => text.startsWith('arn:'));
  const templates = [
    ...Object.values(iam.resources).map(([each]) => each),
    ...(OTHER_ARNS[iam.prefix] ?? []),
  ];
  const longer = templates.filter((each) => {
    const names = openPlaceholders(each);
    return names.length > open.length && open.every((name) => names.includes(name));
  });
  const found = arns.flatMap((arn) => {
    const read = longer.map((each) => readArn(each, arn)).find((values) => values !== undefined);
    if (!read) return [];
    const [partition = '', region = '', account = ''] = ['Partition', 'Region', 'Account'].map((name) =>
      read.get(name),
    );
    return [fillTemplate(template, { partition, region, account }, (name) => read.get(name) ?? '')];
  });
  return open.length > 0 && found.length > 0 ? found : undefined;
}

/**
 * What an operation makes, under an id that AWS gives it: `CreateVpc`, `AllocateIpamPool`; or what the model answers
 * the id of, and that no parameter could say. There is none yet, and policies say `vpc/*` of it.
 */
function byMaking({ kind, template, iam, call, place, isRequired }: Asked): string[] | undefined {
  const { operation } = call;
  const [, made] = /^(?:Create|Allocate|Register)(.+)$/.exec(operation.name) ?? [];
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const id = openPlaceholders(template).at(-1) ?? '';
  if (!template.endsWith(`\${${id}}`) || !/(?:Id|RevisionNumber)$/.test(id)) return undefined;
  const isKnownTo = MADE[`${iam.prefix}:${operation.name}`]?.includes(kind) === true;
  const isCalledSo =
    isKnownTo ||
    (made !== undefined && plain(made) === plain(kind)) ||
    `${plain(operation.name)}task` === plain(kind);
  // What a call need not name, it need not make either.
  const isAnswered =
    isRequired && operation.made.some((name) => isNameOf(name, id, iam)) && !couldSay(id, iam, call);
  if (!isCalledSo && !isAnswered) return undefined;
  const others = openPlaceholders(template).slice(0, -1);
  const said = new Map(others.map((name) => [name, saidOf(name, kind, iam, call)]));
  if ([...said.values()].some((texts) => texts.length !== 1)) return undefined;
  // What it is made within is told as it is of what is there already.
  const names = new Map([...said].map(([name, [text = '']]) => [name, text]));
  const arn = fillNames(template.replace(`\${${id}}`, '*'), names, iam, place);
  return arn === undefined ? undefined : [arn];
}

function byPath({ template, call, place }: Asked): string[] | undefined {
  const [placeholder = '', ...others] = openPlaceholders(template);
  if (!placeholder.endsWith('WithPath') || others.length > 0) return undefined;
  const name = namedWithPath(call);
  return name !== undefined && isPlain(name) ? [fillTemplate(template, place, () => name)] : undefined;
}

/** What is there already under IAM, by its name: its path stands in its ARN, and the call does not say it. */
function withoutPath(template: string, call: NamedCall, place: Place): string | undefined {
  const [placeholder = ''] = openPlaceholders(template);
  const name = placeholder.endsWith('WithPath') ? namedWithoutPath(placeholder, call) : undefined;
  return name !== undefined && isPlain(name) ? fillTemplate(template, place, () => `.../${name}`) : undefined;
}

/**
 * What an operation makes beside whatever it names, and what it copies, in the region that it copies from. A copy that
 * does not say of what and from where is on something unknown.
 */
function byCopying({ kind, template, iam, call, place }: Asked): string[] | undefined {
  const operation = `${iam.prefix}:${call.operation.name}`;
  const made = fillTemplate(template, place, () => '*');
  const source = COPIED[`${operation} ${kind}`];
  if (source === undefined) return [made];
  const { [source]: id, SourceRegion: region } = call.parameters;
  if (typeof id !== 'string' || typeof region !== 'string' || !isPlain(id) || !isPlain(region))
    return undefined;
  return [made, fillTemplate(template, { ...place, region }, () => id)];
}

const isAlwaysMade = ({ kind, iam, call }: Asked): boolean =>
  ALWAYS_MADE[`${iam.prefix}:${call.operation.name}`]?.includes(kind) === true;

const arnsOf = (asked: Asked): string[] | undefined =>
  isAlwaysMade(asked)
    ? byCopying(asked)
    : (byNames(asked) ?? byForm(asked) ?? byParts(asked) ?? byPath(asked) ?? byMaking(asked));

/**
 * The resources of an action, as the call names them. A kind that the action must be on and that the call does not say
 * is unknown; an action without kinds of resources is on none.
 */
export function resourcesOf(
  iam: IamService,
  action: string,
  call: NamedCall,
  place: Place,
): readonly Resource[] {
  const row = iam.action(action.slice(action.indexOf(':') + 1))?.row;
  if (!row) return [UNKNOWN];
  const [, kinds = []] = row;
  if (kinds.length === 0) return [{ kind: 'none' }];
  const tagged = taggedInEc2(iam, call, place);
  if (tagged) return tagged;
  const arns = new Set<string>();
  const named = new Set<string>();
  let isMissing = false;
  for (const [kind, isRequired] of kinds) {
    const template = iam.resources[kind]?.[0];
    const found =
      template === undefined
        ? undefined
        : arnsOf({ kind, template, iam, call, place, isRequired: isRequired === 1 });
    for (const arn of found ?? []) arns.add(arn);
    const text = found || template === undefined ? undefined : withoutPath(template, call, place);
    if (text !== undefined) named.add(text);
    else if (!found && isRequired === 1) isMissing = true;
  }
  if (isMissing && isByArnAlone(call, (arn) => arns.has(arn))) isMissing = false;
  const known = [...arns].map((arn): Resource => ({ kind: 'known', arn }));
  const unknown = [...named].map((text): Resource => ({ kind: 'unknown', named: text }));
  const all = [...known, ...unknown];
  return isMissing || all.length === 0 ? [...all, UNKNOWN] : all;
}
