import { nearestName } from '../check/names/nearest-name.ts';
import type { IamData } from '../data/iam-data.ts';
import { REGIONS } from '../data/places.ts';
import { ASSUMER_EXAMPLES, readAssumer } from './assumer.ts';
import type { Intent } from './intent.ts';
import { readName } from './read-name.ts';
import { kindOf } from './targets.ts';

export const KEY_ARN = /^arn:aws(?:-[a-z]+)*:kms:([a-z0-9-]+):(\d{12}):key\/([\w-]{1,128})$/;
const KEY_ID = /^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
export const ROLE_ARN = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;
const ROLE_NAME = /^[\w+=,.@/-]{1,128}$/;
/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

type Problem = (value: string) => string | undefined;

const problemOfRegion: Problem = (value) => {
  if (REGIONS.has(value)) return undefined;
  const near = nearestName(value, [...REGIONS]);
  return `AWS has no region ${value}${near === undefined ? '' : `; did you mean ${near}?`}`;
};

const problemOfKey: Problem = (value) => {
  if (value === 'no' || KEY_ID.test(value)) return undefined;
  if (value.startsWith('alias/') || value.includes(':alias/'))
    return 'an alias can be moved to another key: name the key by its id or ARN';
  const [, region = ''] = KEY_ARN.exec(value) ?? [];
  return REGIONS.has(region)
    ? undefined
    : 'a KMS key is written by its ARN or its id; no where there is none';
};

const SIMPLE: Readonly<Record<string, Problem>> = {
  account: (value) => (/^\d{12}$/.test(value) ? undefined : 'an account id has twelve digits'),
  region: problemOfRegion,
  externalId: (value) =>
    EXTERNAL_ID.test(value) ? undefined : 'an ExternalId has 2 to 1,224 letters, digits or any of +=,.@:/-',
  assumedBy: (value) => (readAssumer(value) ? undefined : `write one of ${ASSUMER_EXAMPLES.join(', ')}`),
};

const OF_ACCESS: Readonly<Record<string, Problem>> = {
  key: problemOfKey,
  role: (value) =>
    value === 'none' || ROLE_ARN.test(value) || ROLE_NAME.test(value)
      ? undefined
      : 'a role is written by its name or its ARN; none where there is none',
};

/** What is wrong with an answer, in words for whoever gave it; undefined where it can be used. */
export function problemOfAnswer(
  id: string,
  value: string,
  intent: Intent,
  data: IamData,
): string | undefined {
  const simple = Object.hasOwn(SIMPLE, id) ? SIMPLE[id] : undefined;
  if (simple) return simple(value);
  const [, kind = '', number = ''] = /^(name|key|role)\.([1-9]\d?)$/.exec(id) ?? [];
  const access = number === '' ? undefined : intent.accesses[Number(number) - 1];
  if (!access) return 'nothing is asked by that id';
  if (kind !== 'name') return OF_ACCESS[kind]?.(value);
  const taken = access.type === undefined ? undefined : kindOf(data, access.service, access.type);
  if (!taken) return 'nothing is asked by that id';
  const read = readName(value, taken);
  if (!read)
    return `that is no name of a ${access.service} ${taken.type}, which is written ${taken.template}`;
  if (!read.place) return undefined;
  const { account, region } = read.place;
  if (account !== '' && !/^\d{12}$/.test(account)) return 'the account of that ARN has not twelve digits';
  return region === '' ? undefined : problemOfRegion(region);
}

/** What is wrong with the answers and the names of an intent, each with its id. */
export function problemsOfAnswers(intent: Intent, data: IamData): string[] {
  const names = intent.accesses.flatMap(({ name }, nth): [string, string][] =>
    name === undefined ? [] : [[`name.${nth + 1}`, name]],
  );
  return [...names, ...Object.entries(intent.answers)].flatMap(([id, value]) => {
    const problem = problemOfAnswer(id, value, intent, data);
    return problem === undefined ? [] : [`${id}: ${problem}`];
  });
}
