import type { RequestStatus } from './access-request.ts';
import type { RequestRow } from './request-row.ts';

/** Attributes a transition may set; the key, the creation and the bookkeeping are not among them. */
type Settable = Omit<
  RequestRow,
  'requestId' | 'principalId' | 'createdAt' | 'updatedAt' | 'version' | 'open'
>;

/** A conditional update of one row. It is made only where every part of its condition holds. */
export type RowTransition = {
  /** The statuses the row may be in. */
  readonly from: readonly RequestStatus[];
  readonly set?: Partial<Settable> & { readonly open?: 'review' };
  readonly remove?: readonly (keyof Settable | 'open')[];
  readonly onlyIf?: {
    readonly absent?: readonly (keyof Settable)[];
    readonly present?: readonly (keyof Settable)[];
    /** Document paths and the values they must hold, e.g. `{ 'claim.thumbprint': '…' }`. */
    readonly equals?: Readonly<Record<string, string | number>>;
  };
};
