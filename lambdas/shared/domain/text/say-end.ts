import type { EndReason } from '../end-reasons.ts';
import type { Reason } from '../reason.ts';

/** Ends that a status says as well; and those of a verdict, whose own sentences have what they are about. */
type Plain = 'issued' | 'applied' | 'allowed' | 'denied' | 'expired' | 'cancelled' | 'failed';
type Told = Exclude<EndReason, Plain | Reason['code']>;

const OF_STEP = 'A step of the workflow failed; ask again, and tell who runs the broker if it happens again.';
const OF_WORKFLOW = 'The workflow ended before it was done; ask again.';

const SENTENCES: Readonly<Record<Told, string>> = {
  principal_unknown: 'Whoever asked is no longer registered.',
  principal_suspended: 'Whoever asked was suspended.',
  policy_missing: 'There is no policy text to decide by.',
  standing_changed: 'Who asked, who approved, the policy or the rules changed after it was decided.',
  change_stale: 'What was to be changed had changed meanwhile.',
  reviewer_unavailable: 'The reviewer did not answer; ask again in a minute.',
  dependency_unavailable: 'A service that the broker needs did not answer; ask again.',
  approval_channel_unavailable: 'The people who decide could not be told.',
  session_not_proved: 'It could not be proved that the session opens no more than was granted.',
  seal_refused: 'What was to be done was not what the rules had sealed.',
  claim_refused: 'The claim was not the one that was made.',
  request_closed: 'The request was closed while it ran.',
  issue_in_doubt: 'It is not known whether the session was made, so it was handed to nobody.',
  states_timeout: 'A step took too long; ask again.',
  states_task_failed: OF_STEP,
  lambda_service_exception: OF_STEP,
  lambda_aws_lambda_exception: OF_STEP,
  lambda_sdk_client_exception: OF_STEP,
  lambda_too_many_requests_exception: 'Too much was asked at once; ask again in a moment.',
  sandbox_restarted: 'The sandbox was started anew, and closed what was open; ask again.',
  dry_run: 'It was a trial: nothing was given.',
  unclaimed: 'Nobody claimed it in time.',
  cancelled_by_requester: 'Whoever asked took it back.',
  unexpected_error: OF_STEP,
  no_outcome: OF_WORKFLOW,
  execution_failed: OF_WORKFLOW,
  execution_aborted: OF_WORKFLOW,
  execution_timed_out: 'It took too long as a whole; ask again.',
  execution_ended: OF_WORKFLOW,
  execution_lost: OF_WORKFLOW,
};

const isTold = (code: string): code is Told => Object.hasOwn(SENTENCES, code);

/** How a request ended, in one plain sentence; undefined where its status or its verdict's reasons say it already. */
export const sayEnd = (code: string): string | undefined => (isTold(code) ? SENTENCES[code] : undefined);
