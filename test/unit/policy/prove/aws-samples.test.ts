import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsePolicyValue } from '../../../../policy/parse/parse-policy.ts';
import { makeReference, prove } from '../../../../policy/prove/prove.ts';

/** Where AWS's samples of custom policy checks lie; they are MIT-0 and not copied into this project. */
const { POSTERN_POLICY_DATA } = process.env;

type Sample = {
  readonly file: string;
  readonly kind: 'IDENTITY_POLICY' | 'RESOURCE_POLICY';
  readonly reference: unknown;
  readonly candidates: readonly {
    readonly title: string;
    readonly expected: 'PASS' | 'FAIL';
    readonly policy: unknown;
  }[];
};

/** What these candidates are called is not what their policies say: see the data's SOURCES.md. */
const CANNOT_BE_MET = [
  'identity-policies/check-access-to-sensitive-resource/ec2-network-acl.md: Candidate policy 3',
  'resource-policies/role-trust-policies/allowlist-federated-access-oidc.md: Candidate policy 1',
  'resource-policies/role-trust-policies/allowlist-federated-access-saml.md: Candidate policy 1',
];

const layersOf = (policy: unknown, kind: Sample['kind']) => {
  const parsed = parsePolicyValue(policy, kind === 'RESOURCE_POLICY' ? 'resource' : 'identity');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals));
  return [[parsed.policy]];
};

const LABELS = { within: 'PASS', wider: 'FAIL', unknown: 'UNKNOWN' } as const;

test.skipIf(POSTERN_POLICY_DATA === undefined)('AWS’s own samples are answered as AWS labels them', () => {
  const file = join(POSTERN_POLICY_DATA ?? '', 'access-analyzer-custom-checks/cases.json');
  const samples: Sample[] = JSON.parse(readFileSync(file, 'utf8'));
  const answers = samples.flatMap(({ file: name, kind, reference, candidates }) =>
    candidates.map(({ title, expected, policy }) => {
      const { verdict } = prove(layersOf(policy, kind), makeReference(layersOf(reference, kind)));
      return { sample: `${name}: ${title.split(':')[0]}`, expected, answered: LABELS[verdict] };
    }),
  );
  expect(answers).toHaveLength(207);
  expect(answers.filter(({ answered }) => answered === 'UNKNOWN')).toEqual([]);
  const others = answers.filter(({ expected, answered }) => expected !== answered);
  expect(others.map(({ sample }) => sample)).toEqual(CANNOT_BE_MET);
});
