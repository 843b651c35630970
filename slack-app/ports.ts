import type { Slack } from '../lambdas/shared/adapters/slack/slack.ts';
import type { ApprovalMessages } from '../lambdas/shared/adapters/tables/approval-messages-table.ts';
import type { ApprovalsTable } from '../lambdas/shared/adapters/tables/approvals-table.ts';
import type { OnceTable } from '../lambdas/shared/adapters/tables/once-table.ts';
import type { Principal } from '../lambdas/shared/domain/principal.ts';
import type { DrawPorts } from '../lambdas/shared/messages/draw-message.ts';
import type { OpeningPorts } from '../lambdas/shared/requests/open-request.ts';
import type { RevokingPorts } from '../lambdas/shared/requests/start-revocation.ts';

/** What the Slack app's listeners need. Never a session: nothing here can mint one. */
export type SlackAppPorts = DrawPorts & {
  readonly approvals: Pick<ApprovalsTable, 'getToken' | 'putVote' | 'listVotes' | 'putReason' | 'putWindow'>;
  readonly messages: Pick<ApprovalMessages, 'ofRequest' | 'get'>;
  readonly principals: {
    get(id: string): Promise<Principal | undefined>;
    findBySlackUser(slackUserId: string): Promise<Principal | undefined>;
  };
  readonly once: Pick<OnceTable, 'first' | 'count' | 'prolong' | 'forget'>;
  /** The base32 TOTP secret of a principal; undefined where nobody is enrolled. */
  readonly stepUpSecret: (principalId: string) => Promise<string | undefined>;
  readonly slack: Pick<Slack, 'whisper' | 'tell' | 'openModal' | 'update' | 'membersOf'>;
  readonly wake: (taskToken: string) => Promise<void>;
  /** What opens a request for `/access`. */
  readonly frontDoor: OpeningPorts;
  /** What ends a session. */
  readonly revoking: RevokingPorts;
  /** The workspace whose clicks count. */
  readonly teamId: () => Promise<string>;
  readonly clock: () => Date;
  /** Ids and codes only. */
  readonly log: (event: string, facts: Record<string, unknown>) => void;
};
