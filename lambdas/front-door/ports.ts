import type { RecipientKeyPair } from '../shared/adapters/sessions/recipient-keys.ts';
import type { SessionCredentials } from '../shared/adapters/sessions/sealed-credentials.ts';
import type { ApprovalsTable } from '../shared/adapters/tables/approvals-table.ts';
import type { CallbacksTable } from '../shared/adapters/tables/callbacks-table.ts';
import type { RequestsTable } from '../shared/adapters/tables/requests-table.ts';
import type { AccessRequest, Subject } from '../shared/domain/access-request.ts';
import type { Policy, Principal } from '../shared/domain/principal.ts';
import type { Denials } from '../shared/domain/revocation/denials.ts';
import type { RevocationInput } from '../shared/domain/revocation/revocation.ts';
import type { RecipientKey } from '../shared/domain/workflow-state.ts';
import type { Admit } from '../shared/requests/admit.ts';

/** The requests table, as far as the front door goes: it never closes a row but by cancelling. */
export type Requests = Pick<RequestsTable, 'create' | 'get' | 'transition' | 'listByPrincipal'>;

export type Principals = {
  get(id: string): Promise<Principal | undefined>;
  /** By the registered form of an ARN, see caller-arn.ts. */
  findByAwsArn(arn: string): Promise<Principal | undefined>;
};

export type Policies = { get(principalId: string): Promise<Policy | undefined> };

/** What a repeated `Idempotency-Key` finds: the request made for it first, and what was asked then. */
export type Remembered = { readonly requestId: string; readonly bodyDigest: string };

export type Idempotency = {
  /** Keeps the first entry for a key, for a day, and answers whichever is kept. */
  remember(key: string, entry: Remembered): Promise<Remembered>;
};

export type StateMachine = {
  /** Starts the execution named after the request. A repeat with the same input changes nothing. */
  start(request: AccessRequest): Promise<void>;
  /** Stops the request's execution; no error where there is none. */
  stop(requestId: string, cause: string): Promise<void>;
  /** Completes a waiting task. `gone`: it timed out, or was completed already. */
  completeTask(taskToken: string, output: unknown): Promise<'completed' | 'gone'>;
};

/** `unavailable`: the issuer's keys could not be fetched, which says nothing about the token. */
export type TokenVerdict =
  | { readonly outcome: 'verified'; readonly subject: Subject }
  | { readonly outcome: 'invalid' | 'unavailable'; readonly because: string };

export type SubjectTokens = {
  /** Verifies a subject token against the issuers, and their audiences, that a principal may present. */
  verify(token: string, issuers: Principal['subjectIssuers']): Promise<TokenVerdict>;
};

export type RecipientKeys = {
  make(): Promise<RecipientKeyPair>;
  canSealTo(key: RecipientKey): Promise<boolean>;
  thumbprintOf(key: RecipientKey): Promise<string>;
  open(
    privateKey: RecipientKeyPair['privateKey'],
    jwe: string,
    requestId: string,
  ): Promise<SessionCredentials>;
};

export type Revocations = {
  /** Starts the workflow that denies sessions; the row has a `revocation` once it is done. */
  start(input: RevocationInput): Promise<void>;
};

type ConsoleSignIn = {
  /** A sign-in URL for a session; undefined where the federation endpoint does not answer. */
  urlFor(credentials: SessionCredentials): Promise<string | undefined>;
};

export type Ports = {
  readonly requests: Requests;
  /** Holds new requests to their principal's limits. */
  readonly admit: Admit;
  readonly principals: Principals;
  readonly policies: Policies;
  readonly idempotency: Idempotency;
  readonly stateMachine: StateMachine;
  /** Task tokens go in, and only how they were used comes out. */
  readonly callbacks: Pick<CallbacksTable, 'putToken' | 'viewOf'>;
  /** What people voted. Read only to tell a requester why they were denied. */
  readonly votes: Pick<ApprovalsTable, 'listVotes'>;
  readonly subjectTokens: SubjectTokens;
  readonly recipientKeys: RecipientKeys;
  readonly consoleSignIn: ConsoleSignIn;
  readonly revocations: Revocations;
  /** What is denied on a role already. */
  readonly denials: { get(roleArn: string): Promise<Denials | undefined> };
  /** The groups of all tiers: their active members may revoke. */
  readonly approverGroups: () => readonly string[];
  readonly clock: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** A fresh ULID. */
  readonly newUlid: () => string;
  /** One line a call: ids, codes, milliseconds. Never a body or a header. */
  readonly log: (facts: Record<string, unknown>) => void;
  readonly settings: {
    /** A claim must bring its own key, so that the front door never sees an opened session. */
    readonly requireRecipientKey: boolean;
    /** Some state machine is on the list of those that may be called back. */
    readonly callbacksAllowed: boolean;
  };
};
