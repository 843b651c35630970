import type { Policy } from '../../parse/policy-model.ts';
import { ownPolicy, satisfiable } from '../../questions/satisfiable.ts';
import type { Check } from '../check.ts';

export const t11BucketWithoutTls: Check = {
  id: 'T11',
  severity: 'medium',
  title: 'a bucket policy that takes requests without TLS',
  why: 'Who is allowed may also ask over plain HTTP, where what is read and written can be seen.',
  remedy: 'Add a Deny of s3:* to everyone where aws:SecureTransport is false.',
  types: ['resource'],
  *run({ policy }) {
    const resources = policy.statements.flatMap(({ resources }) =>
      resources?.negated ? [] : (resources?.items ?? []),
    );
    const bucket = resources.map(({ text }) => /^arn:[^:]*:s3:::([^/*?]+)/.exec(text)?.[1]).find(Boolean);
    if (bucket === undefined) return;
    const denies = policy.statements.filter(({ effect }) => effect === 'Deny');
    const asked: Policy = ownPolicy(
      [
        {
          Effect: 'Allow',
          Principal: '*',
          Action: ['s3:GetObject', 's3:PutObject'],
          Resource: `arn:aws:s3:::${bucket}/any`,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
      'resource',
    );
    const answer = satisfiable([[{ ...asked, statements: [...asked.statements, ...denies] }]]);
    if (answer.verdict === 'wider')
      yield { path: '', detail: `${bucket} can be read or written over plain HTTP by who is allowed to.` };
  },
};
