import type { types } from '@slack/bolt';
import type { SlackMessage } from '../adapters/slack/slack.ts';
import { accountInWords } from '../domain/catalog/accounts.ts';
import { escapeSlackText } from '../domain/text/escape-slack-text.ts';
import { sayReason } from '../domain/text/say-reason.ts';
import { visibleText } from '../domain/text/show-hostile-text.ts';
import { approvalButtons } from './approval-buttons.ts';
import { callLines, parametersInShort } from './describe-call.ts';
import { actionInWords, durationInWords, notGranted, rowsInWords } from './describe-grants.ts';
import {
  approvalsInWords,
  deadlineInText,
  deadlineLine,
  historyLine,
  onCallLine,
  whyLine,
} from './explain-approval.ts';
import { headlineOf, termsOf } from './headline.ts';
import { channelOf, type EntryWording, type MessageContent, type Phase, phaseOf } from './message-content.ts';
import { revokeButton } from './revoke-button.ts';
import {
  bold,
  code,
  cut,
  lines,
  link,
  moment,
  type Piece,
  preformatted,
  quoted,
  richText,
  text,
} from './rich-text.ts';
import { voteLines } from './vote-lines.ts';

/**
 * Characters of the requester's words that the message shows: the longest reason, whole. Only one whose hidden
 * characters are written out is longer; Details shows all of it.
 */
const MOST_REASON = 2_200;
const MOST_SUMMARY = 400;

/** Characters of a diff that the message has room for; only that of a bundle is longer. Details shows all of it. */
const MOST_DIFF = 2_600;
const inBrief = (diff: string): string =>
  diff.length <= MOST_DIFF ? diff : `${diff.slice(0, MOST_DIFF)}\n… cut here; Details shows all of it`;

/** Phases in which what is listed can, or may come to, be done. */
const CAN_STILL: ReadonlySet<Phase> = new Set(['waiting', 'moved_on', 'approved']);

function whoLine({ row }: MessageContent): Piece[] {
  const { principalType, persons } = row.asked;
  const who =
    principalType === 'agent' ? `Agent · owned by ${persons.join(', ')}` : `Person · ${persons.join(', ')}`;
  const forWhom = row.subject ? ` · for customer ${visibleText(row.subject.id)} (token verified)` : '';
  return [text(who + forWhom)];
}

/** Which of its jobs it is: a name that a change has fixed, and nobody's words. */
const jobLine = ({ row: { job } }: MessageContent): Piece[] =>
  job === undefined ? [] : [bold('Job  '), code(job)];

/** Tickets and the like, as whoever asks names them. */
const referencesLine = ({ row: { references } }: MessageContent): Piece[] =>
  references ? [bold('References  '), code(references.join(' ')), text(' · unverified')] : [];

function canLines(content: MessageContent, phase: Phase): Piece[][] {
  const { grants } = termsOf(content, phase);
  return grants.flatMap(({ resource, actions }) => [
    [
      bold(CAN_STILL.has(phase) ? 'Can  ' : 'Asked  '),
      text(`${actions.map(actionInWords).join(', ')} on ${rowsInWords(resource, content)}`),
    ],
    [text(`${resource}: ${aboutEntry(content.wording.catalog.get(resource))}`)],
  ]);
}

/** What an entry is for, and the account that it is in where that is not the broker's own. */
const aboutEntry = (entry: EntryWording | undefined): string =>
  [entry?.purpose ?? '', ...(entry?.account ? [accountInWords(entry.account)] : [])].join(' · ');

function cannotLine(content: MessageContent, phase: Phase): Piece[] {
  return [bold('Cannot  '), text(notGranted(termsOf(content, phase).grants, content).join(' · '))];
}

/** How it stands, as one bold line; empty while people are asked. */
function outcomeLine(content: MessageContent, phase: Phase): Piece[] {
  const { row, wording } = content;
  const [reason] = row.decision?.reasons ?? [];
  const { grants: asked, durationSeconds = 0 } = row.asked;
  const given = row.decision?.entitlement;
  switch (phase) {
    case 'waiting':
      return [];
    case 'moved_on':
      return [bold(`No answer here: asked in ${channelOf(row.approval.tier, wording)} now.`)];
    case 'approved': {
      if (row.call) return allowedLine(content);
      const size = (grants: typeof asked) => grants.flatMap(({ actions }) => actions).length;
      const less = given && (size(given.grants) < size(asked) || given.durationSeconds < durationSeconds);
      const wanted = `${asked.map(({ resource, actions }) => `${actions.map(actionInWords).join(', ')} on ${resource}`).join('; ')} for ${durationInWords(durationSeconds)}`;
      return [
        bold(row.change ? 'Approved and applied.' : 'Approved.'),
        ...(less ? [text(` Asked for: ${wanted}.`)] : []),
      ];
    }
    case 'revoked':
      return revokedLine(content);
    case 'denied':
      return row.closedBecause === 'approval_denied' || !reason
        ? [bold('Denied.')]
        : [bold('Denied. '), text(sayReason(reason))];
    case 'cancelled':
      return [bold('Cancelled by its requester. '), text('Nothing was issued.')];
    case 'expired':
      return [bold('Approved, but not claimed in time. '), text('Nothing was issued.')];
    case 'failed':
      return [
        bold('Ended by a malfunction. '),
        text(`Nothing was issued (${row.closedBecause ?? 'unknown'}).`),
      ];
  }
}

/** Until when a call that was approved may be made. */
const allowedLine = ({ row: { seal } }: MessageContent): Piece[] => [
  bold('Approved. '),
  text('The call may be made once, unchanged'),
  ...(seal ? [text(', until '), moment(seal.expiresAt)] : []),
  text('.'),
];

/** Who ended the session before its time, and in whose words why. */
function revokedLine({ row: { revocation } }: MessageContent): Piece[] {
  if (!revocation) return [];
  const { by: revokedBy, revokedAt, scope } = revocation;
  return [
    bold('Revoked. '),
    text(`${revokedBy} ended ${scope === 'role' ? 'every session of its role' : 'the session'} at `),
    moment(revokedAt),
    text('.'),
  ];
}

/** Why it was ended, in the words of whoever ended it. */
const whyRevokedLine = ({ row: { revocation } }: MessageContent): Piece[] =>
  revocation?.because ? [text(`“${cut(visibleText(revocation.because), 300)}”`)] : [];

/** The review's word on it. */
function reviewLine({ row }: MessageContent): Piece[] {
  if (row.job !== undefined)
    return [text('No AI review: the grants of a job are fixed by a change that people approved.')];
  const { risk } = row.asked;
  const summary = row.decision?.reviewSummary;
  return [
    text(`AI review: ${risk ? `${risk} risk` : 'no risk given'}`),
    ...(summary ? [text(`, “${cut(visibleText(summary), MOST_SUMMARY)}”`)] : []),
  ];
}

function wordsOf(content: MessageContent): types.KnownBlock[] {
  const { row } = content;
  const { principalType, diff } = row.asked;
  const whose = principalType === 'agent' ? "In the agent's own words" : "In the requester's own words";
  return [
    ...(diff
      ? [richText('diff', lines([bold('The change, against what is in force')]), preformatted(inBrief(diff)))]
      : []),
    ...(row.call
      ? [
          richText(
            'call',
            lines([bold('Its parameters, as they were sent')]),
            preformatted(parametersInShort(row.call)),
          ),
        ]
      : []),
    richText(
      'words',
      lines([text(`${whose}, unverified:`)]),
      quoted(cut(visibleText(row.reason), MOST_REASON)),
      ...(row.call ? [] : [lines(reviewLine(content))]),
    ),
  ];
}

/** A piece where nothing but text is shown. */
const wordsOfPiece = (piece: Piece): string => ('text' in piece ? (piece.text ?? '') : '');

/** Enough to act on by itself: a notification shows nothing else. */
function textOf(content: MessageContent, phase: Phase, headline: string): string {
  const { row, wording } = content;
  const forWhom = row.subject ? ` for customer ${visibleText(row.subject.id)}` : '';
  if (phase === 'waiting') {
    return `${headline}${forWhom}. ${approvalsInWords(content)}. Approve or deny in ${channelOf(content.tier, wording)}. ${deadlineInText(content)}`;
  }
  const outcome = outcomeLine(content, phase).map(wordsOfPiece);
  return `${headline}${forWhom}. ${outcome.join('')}`.trim();
}

/**
 * The message that asks one tier's approvers, drawn from the request's row and its votes alone: drawn again, in
 * whatever order, it comes out the same. Its headline is made from the grants.
 */
export function approvalMessage(content: MessageContent): SlackMessage {
  const phase = phaseOf(content);
  const headline = headlineOf(content, phase);
  const waiting = phase === 'waiting';
  const { alike, executionUrl, row } = content;
  const pair = row.change
    ? []
    : row.call
      ? callLines(row.call)
      : [...canLines(content, phase), ...(waiting ? [cannotLine(content, phase)] : [])];
  return {
    text: escapeSlackText(textOf(content, phase, headline)),
    blocks: [
      { type: 'header', block_id: 'headline', text: { type: 'plain_text', text: headline, emoji: false } },
      richText(
        'facts',
        lines(
          outcomeLine(content, phase),
          whyRevokedLine(content),
          whoLine(content),
          jobLine(content),
          referencesLine(content),
          alike.length > 0
            ? [
                text(
                  `${alike.length} more request${alike.length > 1 ? 's' : ''} for the very same, with the same reason, answered together`,
                ),
              ]
            : [],
          ...pair,
          waiting ? onCallLine(content) : [],
          waiting ? whyLine(content) : [],
          historyLine(content),
          ...voteLines(content.votes),
        ),
      ),
      // What is let through is read before it is decided.
      ...wordsOf(content),
      ...(waiting ? [approvalButtons(content)] : revokeButton(content)),
      ...(waiting ? [richText('deadline', lines(deadlineLine(content)))] : []),
      richText(
        'execution',
        lines([
          code(row.requestId),
          ...(executionUrl ? [text('  '), link(executionUrl, 'Execution ↗')] : []),
        ]),
      ),
    ],
  };
}
