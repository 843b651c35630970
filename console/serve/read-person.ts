import type * as z from 'zod';
import { type Principal, principalSchema } from '../../lambdas/shared/domain/principal.ts';
import { PERSON_FIELDS, type PersonFields } from '../views/pages/people-page.ts';

/** What else a principal may hold, beside the fields of the form. */
const moreSchema = principalSchema
  .pick({ signIn: true, subjectIssuers: true, subjectRequired: true })
  .partial()
  .strict();

const listOf = (text: string | undefined, separator: RegExp): string[] =>
  (text ?? '')
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean);

/** What was typed, field by field; of passkeys, the ids of those that were left. */
export const typedPerson = (form: URLSearchParams): PersonFields =>
  Object.fromEntries(
    PERSON_FIELDS.flatMap((name) => (form.has(name) ? [[name, form.getAll(name).join(' ')]] : [])),
  );

type BySubject = { issuer: string; subject: string };
const isBySubject = (entry: object): entry is BySubject => 'subject' in entry;

/** A principal as the form's fields: its first way to sign in by a subject has two of its own. */
export function fieldsOf(principal: Principal): PersonFields {
  const { signIn = [], subjectIssuers, subjectRequired } = principal;
  const first = signIn.find(isBySubject);
  const others = signIn.filter((entry) => entry !== first);
  const more = {
    ...(others.length > 0 && { signIn: others }),
    ...(subjectIssuers.length > 0 && { subjectIssuers }),
    ...(subjectRequired && { subjectRequired }),
  };
  return {
    type: principal.type,
    status: principal.status,
    groups: principal.groups.join(', '),
    persons: principal.persons.join(', '),
    issuer: first?.issuer,
    subject: first?.subject,
    awsPrincipals: principal.awsPrincipals.join('\n'),
    slackUserId: principal.slackUserId,
    purpose: principal.purpose,
    delivery: principal.delivery ?? '',
    passkeys: (principal.passkeys ?? []).map(({ id }) => id).join(' '),
    more: Object.keys(more).length > 0 ? JSON.stringify(more, null, 2) : '',
  } as PersonFields;
}

/**
 * The principal that a form describes, as the next version of the present one. The text of `wrong` says which field is
 * not as it must be; whatever else is wrong the API finds.
 */
export function readPerson(
  fields: PersonFields,
  id: string,
  present: Principal | undefined,
): { readonly principal: Principal } | { readonly wrong: string } {
  let more: z.output<typeof moreSchema>;
  try {
    more = moreSchema.parse(fields.more?.trim() ? JSON.parse(fields.more) : {});
  } catch {
    return { wrong: 'More, as JSON: an object of signIn, subjectIssuers and subjectRequired.' };
  }
  const { issuer, subject, purpose, slackUserId, delivery } = fields;
  const signIn = [
    ...(issuer?.trim() ? [{ issuer: issuer.trim(), subject: (subject ?? '').trim() }] : []),
    ...(more.signIn ?? []),
  ];
  const left = (fields.passkeys ?? '').split(' ');
  const passkeys = (present?.passkeys ?? []).filter(({ id: passkey }) => left.includes(passkey));
  const parsed = principalSchema.safeParse({
    id,
    type: fields.type,
    status: fields.status,
    groups: listOf(fields.groups, /[\s,]+/),
    persons: listOf(fields.persons, /,/),
    awsPrincipals: listOf(fields.awsPrincipals, /\s+/),
    ...(signIn.length > 0 && { signIn }),
    ...(slackUserId?.trim() && { slackUserId: slackUserId.trim() }),
    ...(more.subjectIssuers && { subjectIssuers: more.subjectIssuers }),
    ...(more.subjectRequired !== undefined && { subjectRequired: more.subjectRequired }),
    ...(purpose?.trim() && { purpose: purpose.trim() }),
    ...(delivery && { delivery }),
    ...(passkeys.length > 0 && { passkeys }),
    // What the form does not show stays as it is.
    ...(present?.directory && { directory: present.directory }),
    ...(present?.jobs && { jobs: present.jobs }),
    version: (present?.version ?? 0) + 1,
  });
  if (parsed.success) return { principal: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    wrong: `${issue?.path.map(String).join('.') || 'The form'}: ${issue?.message ?? 'is not as it must be'}.`,
  };
}
