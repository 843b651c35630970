import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parsePolicy, parsePolicyValue } from '../../../../policy/parse/parse-policy.ts';
import type { PolicyType } from '../../../../policy/parse/policy-model.ts';

type Written = { readonly title: string; readonly type: PolicyType; readonly document: unknown };
type Refused = Written & { readonly refusals: readonly (readonly [code: string, path: string])[] };

const read = <Case>(name: string): Case[] => JSON.parse(readFileSync(`test/cases/policy/${name}`, 'utf8'));

describe.each(read<Refused>('refused.json'))('$type: $title', ({ type, document, refusals }) => {
  test('is refused with what and where', () => {
    const ofText = parsePolicy(JSON.stringify(document, null, 2), type);
    const ofValue = parsePolicyValue(document, type);
    if (ofText.ok || ofValue.ok) throw new Error('was taken');
    expect(ofText.refusals.map(({ code, path }) => [code, path])).toEqual(refusals);
    expect(ofValue.refusals).toEqual(refusals.map(([code, path]) => ({ code, path })));
    for (const { position } of ofText.refusals) expect(position).toBeDefined();
  });
});

test.each(read<Written>('accepted.json'))('$type: $title is taken', ({ type, document }) => {
  expect(parsePolicy(JSON.stringify(document), type)).toMatchObject({ ok: true, policy: { type } });
  expect(parsePolicyValue(document, type)).toMatchObject({ ok: true, policy: { type } });
});

const TEXT = `{
  "Version": "2012-10-17",
  "Id": "p",
  "Statement": [
    {
      "Sid": "One", "Effect": "Deny",
      "NotPrincipal": { "AWS": ["111122223333", "arn:aws:iam::111122223333:user/a"] },
      "Action": ["s3:Get*", "s3:?x"],
      "NotResource": "arn:aws:s3:::\${aws:username}/\${*}",
      "Condition": {
        "ForAnyValue:StringLikeIfExists": { "aws:TagKeys": ["a", "\${aws:PrincipalTag/T, 'x'}"] },
        "numericlessthan": { "S3:Max-Keys": 10 }
      }
    },
    { "Effect": "Allow", "Principal": "*", "Action": "*" }
  ]
}`;

test('a policy is read into a model that knows where everything stands', () => {
  const parsed = parsePolicy(TEXT, 'resource');
  expect(parsed).toMatchSnapshot();
});

test('a value that was parsed already makes the same model, without positions', () => {
  const placed = parsePolicy(TEXT, 'resource');
  const withoutPlaces = JSON.parse(
    JSON.stringify(placed, (key, value) => (key === 'position' ? undefined : value)),
  );
  expect(parsePolicyValue(JSON.parse(TEXT), 'resource')).toEqual(withoutPlaces);
});

test.each([
  ['{\n  "Statement": [],\n  "Statement": []\n}', 'Statement', 3, 3],
  ['{"Statement":[{"Effect":"Allow",\r\n"Effect":"Deny"}]}', 'Statement[0].Effect', 2, 1],
  [
    '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:x":"true"},\r"Bool":{}}}}',
    'Statement.Condition.Bool',
    2,
    1,
  ],
])('a key that stands there twice is refused where it does so again: %j', (text, path, line, column) => {
  const parsed = parsePolicy(text, 'identity');
  if (parsed.ok) throw new Error('was taken');
  expect(parsed.refusals).toContainEqual({ code: 'duplicate-key', path, position: { line, column } });
});

test.each([
  ['', 1, 1],
  ['{', 1, 2],
  ['{\n "Statement": [1,]\n}', 2, 18],
  ['{"Statement": []} x', 1, 19],
])('what is no JSON is refused where it stops being it: %j', (text, line, column) => {
  expect(parsePolicy(text, 'identity')).toEqual({
    ok: false,
    refusals: [{ code: 'not-json', path: '', position: { line, column } }],
  });
});

test('what is nested beyond any policy is refused', () => {
  const deep = '['.repeat(100_000);
  expect(parsePolicy(deep, 'identity')).toEqual({
    ok: false,
    refusals: [{ code: 'nested-too-deep', path: '', position: { line: 1, column: 34 } }],
  });
  const value: unknown[] = [];
  value.push(value);
  expect(parsePolicyValue(value, 'identity')).toMatchObject({ refusals: [{ code: 'not-json' }] });
});

test.each([[undefined], [() => 1], [Number.NaN], [1n], [Symbol('x')], [{ Statement: [() => 1] }]])(
  'a value that JSON cannot hold is refused: %s',
  (value) => {
    expect(parsePolicyValue(value, 'identity')).toEqual({
      ok: false,
      refusals: [{ code: 'not-json', path: '' }],
    });
  },
);
