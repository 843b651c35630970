import type { IamData } from '../data/iam-data.ts';
import { ASSUMER_EXAMPLES } from './assumer.ts';
import type { Intent, Question, WantedAccess } from './intent.ts';
import { needsExternalId, needsOf, trustNeedsAccount } from './needs.ts';

/** What an access is called in a question. */
const called = ({ service, type }: WantedAccess): string =>
  type === undefined ? service : `${service} ${type}`;

const wanted = ({ words }: WantedAccess): string => words.slice(0, 120);

function questionsOfAccess(access: WantedAccess, nth: number, intent: Intent, data: IamData): Question[] {
  const needs = needsOf(access, nth, intent, data);
  const number = nth + 1;
  const name = intent.answers[`name.${number}`] ?? access.name;
  const shown = name ?? `the ${called(access)}`;
  return [
    ...(needs.name && name === undefined
      ? [
          {
            id: `name.${number}`,
            question: `Which ${called(access)} is it for “${wanted(access)}”? A name, an ARN, a beginning that ends in *, or * for every one.`,
            examples: ['reports', '*'],
          },
        ]
      : []),
    ...(needs.key
      ? [
          {
            id: `key.${number}`,
            question: `Is ${shown} encrypted with a KMS key of your own? Its ARN or id, or no (also for AWS’s own keys).`,
            examples: [
              'no',
              'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
            ],
          },
        ]
      : []),
    ...(needs.role
      ? [
          {
            id: `role.${number}`,
            question: `Which role is handed over for “${wanted(access)}”? Its name or ARN, or none.`,
            examples: ['none', 'orders-function'],
          },
        ]
      : []),
  ];
}

/** All that an intent leaves open, in the order in which it is to be asked. */
export function openQuestions(intent: Intent, data: IamData): Question[] {
  const { accesses, answers } = intent;
  const needs = accesses.map((access, nth) => needsOf(access, nth, intent, data));
  const all: Question[] = [
    ...accesses.flatMap((access, nth) => questionsOfAccess(access, nth, intent, data)),
    ...(needs.some(({ account }) => account) || trustNeedsAccount(intent)
      ? [{ id: 'account', question: 'In which account? Its twelve digits.', examples: ['123456789012'] }]
      : []),
    ...(needs.some(({ region }) => region)
      ? [{ id: 'region', question: 'In which region?', examples: ['eu-central-1'] }]
      : []),
    {
      id: 'assumedBy',
      question:
        'Who assumes the role that has it? A service, a role or user by its ARN, an account, a GitHub job; or none, for the policy alone.',
      examples: ASSUMER_EXAMPLES,
    },
    ...(needsExternalId(intent)
      ? [
          {
            id: 'externalId',
            question:
              'Which ExternalId does the other account bring? It makes it up for you, so that nobody else’s is taken for yours.',
            examples: ['1f3c5a70-orders'],
          },
        ]
      : []),
  ];
  const first = (id: string) => (id.startsWith('name.') ? 0 : id === 'account' || id === 'region' ? 1 : 2);
  return all
    .filter(({ id }) => answers[id] === undefined)
    .sort((left, right) => first(left.id) - first(right.id));
}
