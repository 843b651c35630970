import type { types } from '@slack/bolt';
import { proofInWords } from '../../lambdas/shared/domain/proof/proof.ts';
import { readableProposal } from '../../lambdas/shared/domain/text/readable-proposal.ts';
import { sayReason } from '../../lambdas/shared/domain/text/say-reason.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import { needsInFull, parametersInFull } from '../../lambdas/shared/messages/describe-call.ts';
import { actionInWords, durationInWords } from '../../lambdas/shared/messages/describe-grants.ts';
import { codesMissing } from '../../lambdas/shared/messages/explain-approval.ts';
import {
  codeField,
  modal,
  option,
  plain,
  reasonField,
  selectField,
} from '../../lambdas/shared/messages/fields.ts';
import { headlineOf } from '../../lambdas/shared/messages/headline.ts';
import type { MessageContent } from '../../lambdas/shared/messages/message-content.ts';
import {
  bold,
  code,
  lines,
  preformatted,
  quoted,
  richText,
  text,
  utcTime,
  wholeText,
} from '../../lambdas/shared/messages/rich-text.ts';
import { voteLines } from '../../lambdas/shared/messages/vote-lines.ts';

/** Durations an approver may shorten to, in seconds; AWS sessions last 900 at least. */
const DURATIONS = [900, 1800, 2700];
/** How long an approval may cover further requests for the very same, with the same reason: an hour, four hours. */
const WINDOWS = [3600, 14_400];
/** Options that one group of check boxes holds. @see https://docs.slack.dev/reference/block-kit/block-elements/checkboxes-element */
const MOST_OPTIONS = 10;
/** Grants that the modal lists; further ones stay as proposed. */
const MOST_GRANTS = 20;

/** Characters of why a session is ended: as many as the API takes. */
const MOST_REVOCATION_REASON = 500;

const NO_WINDOW = '0';
/** Stands for all actions of a grant that has too many for check boxes. */
export const ALL_ACTIONS = '*';

/** The block whose check boxes are a grant's actions. */
export const grantBlockId = (resource: string): string => `grant:${resource}`;

/** Says what the modal is about. */
const heading = (content: MessageContent): types.RichTextBlock =>
  richText('headline', lines([bold(headlineOf(content, 'waiting'))]));

/** None where enough came with a code already; one may be left to somebody else as long as others have to approve too. */
function codeFields(content: MessageContent): types.InputBlock[] {
  const codes = codesMissing(content);
  if (codes === 0) return [];
  const given = content.votes.filter(({ decision }) => decision === 'approve');
  const missing = content.row.approval.quorum.approvals - given.length;
  return [codeField(missing > codes)];
}

/** Asks for the approver's code. */
export const codeModal = (content: MessageContent, metadata: string): types.ModalView =>
  modal({ callbackId: 'approve_with_code', title: 'Approve', submit: 'Approve', metadata }, [
    heading(content),
    ...codeFields(content),
  ]);

/** Check boxes for the actions of one grant; `grants` beyond what a group of boxes holds stay whole. */
function grantField({
  resource,
  actions,
}: {
  resource: string;
  actions: readonly string[];
}): types.InputBlock {
  const options =
    actions.length > MOST_OPTIONS
      ? [option(ALL_ACTIONS, `all ${actions.length} actions`)]
      : actions.map((action) => option(action, actionInWords(action)));
  return {
    type: 'input',
    block_id: grantBlockId(resource),
    optional: true,
    label: plain(resource),
    element: { type: 'checkboxes', action_id: 'value', options, initial_options: options },
  };
}

/** Lets an approver approve less: fewer actions, a shorter session; and the same again within a while. */
export function narrowModal(content: MessageContent, metadata: string): types.ModalView {
  const { grants, durationSeconds = 900 } = content.row.asked;
  const durations = [...DURATIONS.filter((seconds) => seconds < durationSeconds), durationSeconds].map(
    (seconds) => option(String(seconds), durationInWords(seconds)),
  );
  const windows = [
    option(NO_WINDOW, 'this request only'),
    ...WINDOWS.map((seconds) =>
      option(String(seconds), `the same again for the same reason, within ${durationInWords(seconds)}`),
    ),
  ];
  return modal({ callbackId: 'approve_less', title: 'Approve less', submit: 'Approve this', metadata }, [
    heading(content),
    ...grants.slice(0, MOST_GRANTS).map(grantField),
    selectField('duration', 'For how long', durations, durations.at(-1)),
    selectField('window', 'The approval covers', windows, windows[0]),
    reasonField('Why'),
    ...codeFields(content),
  ]);
}

/** Says what came of a modal that was sent off. */
export const answerModal = (answer: string): types.ModalView =>
  modal({ callbackId: 'answer', title: 'Postern', metadata: '' }, [
    richText('answer', lines([text(answer)])),
  ]);

/** After a denial: why, for whoever asked. Closing it changes nothing. */
export const denyReasonModal = (content: MessageContent, metadata: string): types.ModalView =>
  modal({ callbackId: 'deny_reason', title: 'Denied', submit: 'Send the reason', metadata }, [
    heading(content),
    richText('denied', lines([bold('It is denied. '), text('If you say why, its requester is told.')])),
    reasonField('Why'),
  ]);

/** Before a session is ended: why, for the record and for whoever holds it. */
export const revokeModal = (content: MessageContent, metadata: string): types.ModalView =>
  modal({ callbackId: 'revoke_session', title: 'Revoke', submit: 'End the session', metadata }, [
    richText('headline', lines([bold(headlineOf(content, 'approved'))])),
    richText(
      'effect',
      lines([text('Every further AWS call of this session is denied. Nothing brings it back.')]),
    ),
    reasonField('Why', { optional: false, most: MOST_REVOCATION_REASON }),
  ]);

/** Everything the decision rests on. */
export function detailsModal(content: MessageContent): types.ModalView {
  const { row, votes, alike } = content;
  const policy = row.decision?.entitlement?.sessionPolicy;
  const about = [
    [bold('Request  '), code(row.requestId)],
    ...alike.map((id) => [bold('Answered with it  '), code(id)]),
    [bold('Asked at  '), text(utcTime(row.createdAt))],
    ...(row.decision?.reasons ?? []).map((reason) => [bold(`${reason.code}  `), text(sayReason(reason))]),
    ...(row.decision?.proof ? [[text(proofInWords(row.decision.proof))]] : []),
  ];
  const digests = [
    [bold('Proposal  '), code(row.asked.proposalDigest)],
    [bold('Rules  '), code(row.asked.basis)],
    ...(row.decision?.entitlement ? [[bold('Role  '), code(row.decision.entitlement.roleArn)]] : []),
  ];
  return modal({ callbackId: 'details', title: 'Details', metadata: '' }, [
    heading(content),
    ...wholeText('reason', 'The reason, whole and unverified', visibleText(row.reason), quoted),
    richText('facts', lines(...about, ...voteLines(votes))),
    ...(row.change?.kind === 'bundle' && row.asked.diff
      ? wholeText('diff', 'The change, against what is in force', row.asked.diff, preformatted)
      : []),
    ...(row.change
      ? wholeText(
          'proposal',
          'The proposed text, whole',
          visibleLines(readableProposal(row.change)),
          preformatted,
        )
      : []),
    ...(row.call
      ? [
          ...wholeText('needs', 'All that it is on', needsInFull(row.call).join('\n'), preformatted),
          ...wholeText('call', 'Its parameters, whole', parametersInFull(row.call), preformatted),
        ]
      : []),
    ...(policy ? wholeText('policy', 'Session policy', indented(policy), preformatted) : []),
    richText('digests', lines(...digests)),
  ]);
}

/** Line by line, so that what hides in a text is written out and its lines stay lines. */
const visibleLines = (words: string): string => words.split('\n').map(visibleText).join('\n');

const indented = (json: string): string => JSON.stringify(JSON.parse(json), null, 2);
