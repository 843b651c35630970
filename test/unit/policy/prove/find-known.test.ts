import { expect, test } from 'vitest';
import { parsePolicyValue } from '../../../../policy/parse/parse-policy.ts';
import type { KnownAction, KnownActions } from '../../../../policy/prove/known-actions.ts';
import { makeReference, prove } from '../../../../policy/prove/prove.ts';
import type { PolicyLayers } from '../../../../policy/prove/rules/compile-policies.ts';

/** Actions that there are, anew for each question, with their services in this order. */
const actions = (): KnownAction[] => [
  { name: 'a:List', keys: ['a:prefix'], resources: [] },
  { name: 'a:GetThing', keys: [], resources: [{ arn: 'arn:*:a:*:*:thing/*', keys: ['aws:resourcetag/'] }] },
  {
    name: 'a:PutThing',
    keys: ['aws:tagkeys', 'a:size'],
    resources: [
      { arn: 'arn:*:a:*:*:thing/*', keys: ['a:owner'] },
      { arn: 'arn:*:a:::box/*', keys: [] },
    ],
  },
  { name: 'b:GetThing', keys: ['aws:requesttag/'], resources: [{ arn: 'arn:*:b:::thing', keys: [] }] },
];
const known = (): KnownActions => {
  const all = actions();
  return {
    services: ['a', 'b'],
    actionsOf: (service) => all.filter(({ name }) => name.startsWith(`${service}:`)),
    isOfSeveral: () => undefined,
  };
};

function layersOf(...statements: Record<string, unknown>[]): PolicyLayers {
  const parsed = parsePolicyValue(
    { Version: '2012-10-17', Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })) },
    'identity',
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals));
  return [[parsed.policy]];
}
const LITTLE = { Action: 'c:Nothing', Resource: 'arn:aws:c:::nothing' };

/** The request that shows the statement to allow more than the reference does; in brackets where AWS knows no such. */
function shownFor(statement: Record<string, unknown>, reference: Record<string, unknown> = LITTLE): string {
  const answer = prove(layersOf(statement), makeReference(layersOf(reference)), { known: known() });
  if (answer.verdict !== 'wider') return answer.verdict;
  const { action, resource } = answer.request;
  return answer.isKnown ? `${action} ${resource}` : `(${action})`;
}
const where = (key: string) => ({ Condition: { StringEquals: { [key]: 'v' } } });
const THING = 'arn:aws:a:us-east-1:123456789012:thing/x';

test.each<[string, Record<string, unknown>, string]>([
  ['the first action that there is', { Action: '*', Resource: '*' }, 'a:List *'],
  ['of its service', { Action: 'b:*', Resource: '*' }, 'b:GetThing arn:aws:b:::thing'],
  ['of its name, in any case', { Action: 'A:PUTTHING', Resource: '*' }, `a:PutThing ${THING}`],
  [
    'of a resource that it takes',
    { Action: 'a:*', Resource: 'arn:aws:a:::box/*' },
    'a:PutThing arn:aws:a:::box/x',
  ],
  ['of that one resource', { Action: 'a:*', Resource: 'arn:aws:a:::box/7' }, 'a:PutThing arn:aws:a:::box/7'],
  [
    'of another service’s resource',
    { Action: '*', Resource: 'arn:aws:b:::*' },
    'b:GetThing arn:aws:b:::thing',
  ],
  ['no kind of it', { Action: 'a:GetThing', Resource: 'arn:aws:a:::box/*' }, '(a:getthing)'],
  ['no action is called so', { Action: 'a:GetNothing', Resource: '*' }, '(a:getnothing)'],
  ['no service is called so', { Action: 'd:GetThing', Resource: '*' }, '(d:getthing)'],
  ['an action about no resource', { Action: 'a:List', Resource: 'arn:aws:a:::box/*' }, '(a:list)'],
  ['a key that it carries', { Action: '*', Resource: '*', ...where('a:prefix') }, 'a:List *'],
  ['a key that another carries', { Action: '*', Resource: '*', ...where('a:size') }, `a:PutThing ${THING}`],
  ['a key of its kind', { Action: '*', Resource: '*', ...where('a:owner') }, `a:PutThing ${THING}`],
  ['a key of another kind', { Action: '*', Resource: 'arn:aws:a:::box/*', ...where('a:owner') }, '(x:'],
  [
    'a tag of the resource',
    { Action: '*', Resource: '*', ...where('aws:ResourceTag/t') },
    `a:GetThing ${THING}`,
  ],
  [
    'a tag of the request',
    { Action: '*', Resource: '*', ...where('aws:RequestTag/t') },
    'b:GetThing arn:aws:b:::thing',
  ],
  [
    'the keys of tags',
    { Action: '*', Resource: '*', Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'v' } } },
    `a:PutThing ${THING}`,
  ],
  ['a key of every action', { Action: '*', Resource: '*', ...where('aws:SourceVpc') }, 'a:List *'],
  ['a key that begins as a known one does', { Action: '*', Resource: '*', ...where('a:prefixes') }, '('],
  ['a key of no action', { Action: '*', Resource: '*', ...where('a:nothing') }, '('],
])('%s', (_, statement, shown) => {
  const said = shownFor(statement);
  if (shown.startsWith('(')) expect(said.slice(0, shown.length)).toBe(shown);
  else expect(said).toBe(shown);
});

test('what the reference allows is not shown', () => {
  const list = { Action: 'a:List', Resource: '*' };
  expect(shownFor({ Action: 'a:*', Resource: '*' }, list)).toBe(`a:GetThing ${THING}`);
  expect(
    shownFor({ Action: ['a:List', 'a:GetThing'], Resource: '*' }, { Action: 'a:*', Resource: '*' }),
  ).toBe('within');
  expect(
    shownFor({ Action: 'a:GetThing', Resource: '*' }, { Action: 'a:GetThing', Resource: `${THING}*` }),
  ).toMatch(/^a:GetThing arn:.*:thing\/(?!x)/);
});
