import { expect, test } from 'vitest';
import { fieldsOf, readPerson, typedPerson } from '../../../console/serve/read-person.ts';
import { principalSchema } from '../../../lambdas/shared/domain/principal.ts';
import { makePasskey } from '../../support/make-passkey.ts';

const [phone, laptop] = [makePasskey('Phone').passkey, makePasskey('Laptop').passkey];
const present = principalSchema.parse({
  id: 'analyst1',
  type: 'human',
  status: 'active',
  groups: ['analysts'],
  awsPrincipals: ['arn:aws:iam::123456789012:user/analyst1'],
  signIn: [{ issuer: 'https://login.bank.example', subject: 'a-17' }],
  persons: ['ana'],
  slackUserId: 'U0ANALYST1',
  purpose: 'Reports how the bank runs, each week.',
  passkeys: [phone, laptop],
  jobs: {
    'nightly-report': {
      purpose: 'The nightly report needs the operational metrics of the day.',
      grants: [{ resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] }],
      durationSeconds: 900,
      onBehalfOf: 'nobody',
    },
  },
  version: 3,
});

test('a form that nobody touched proposes what is there, what it does not show included', () => {
  expect(readPerson(fieldsOf(present), present.id, present)).toStrictEqual({
    principal: { ...present, version: 4 },
  });
});

test('a passkey that is unticked is taken away, and no form brings one in', () => {
  const form = new URLSearchParams(Object.entries({ ...fieldsOf(present), passkeys: phone.id }));
  form.append('passkeys', 'another-that-is-not-theirs');
  expect(readPerson(typedPerson(form), present.id, present)).toMatchObject({
    principal: { passkeys: [phone] },
  });
  form.delete('passkeys');
  expect(readPerson(typedPerson(form), present.id, present)).not.toHaveProperty('principal.passkeys');
});
