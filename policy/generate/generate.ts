import { actionFacts, type IamData } from '../data/iam-data.ts';
import { problemsOfAnswers } from './answer-problems.ts';
import { notesOf, piecesOf } from './build-permissions.ts';
import { buildTrust, type Trust } from './build-trust.ts';
import type { Intent, Question } from './intent.ts';
import { problemsOfIntent } from './intent-problems.ts';
import { type JudgedFinding, judge } from './judge.ts';
import { openQuestions } from './open-questions.ts';
import { type Explained, type OwnDocument, putTogether } from './piece.ts';

/** What an intent comes to. */
export type Generated = {
  readonly permissions: OwnDocument;
  readonly trust?: Trust;
  readonly statements: readonly Explained[];
  /** What is not in it, and might be missed. */
  readonly notes: readonly string[];
  /** What `iam check` finds from `medium` on, and why it is there all the same. */
  readonly findings: readonly JudgedFinding[];
  /** Of the permissions, from 0 to 100; absent where it is not decided. */
  readonly score?: number;
};

export type Generation =
  | { readonly kind: 'generated'; readonly generated: Generated }
  | { readonly kind: 'questions'; readonly questions: readonly Question[] }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** Questions that are asked at once. */
export const MOST_QUESTIONS = 3;

const LEVELS = { L: 'List', R: 'Read', W: 'Write', T: 'Tag', P: 'Manage' } as const;

/**
 * The policies that an intent takes: as narrow as what was asked for, each statement with why it is there. Questions,
 * where it leaves something open; problems, where it cannot be built, or what came out would not be taken by AWS.
 */
export function generate(intent: Intent, data: IamData): Generation {
  const problems = [...problemsOfIntent(intent, data), ...problemsOfAnswers(intent, data)];
  if (problems.length > 0) return { kind: 'problems', problems };
  const questions = openQuestions(intent, data);
  if (questions.length > 0) return { kind: 'questions', questions: questions.slice(0, MOST_QUESTIONS) };
  const levelOf = (action: string) => LEVELS[actionFacts(data, action)?.level ?? 'R'];
  const statements = putTogether(piecesOf(intent, data), levelOf);
  const permissions: OwnDocument = {
    Version: '2012-10-17',
    Statement: statements.map(({ statement }) => statement),
  };
  const trust = buildTrust(intent);
  const { refusals, findings, score } = judge(
    { permissions, statements, ...(trust && { trust }) },
    intent,
    data,
  );
  if (refusals.length > 0) return { kind: 'problems', problems: refusals };
  return {
    kind: 'generated',
    generated: {
      permissions,
      ...(trust && { trust }),
      statements,
      notes: notesOf(intent, data),
      findings,
      ...(score !== undefined && { score }),
    },
  };
}
