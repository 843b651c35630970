import type { Policy } from '../parse/policy-model.ts';

/** A policy of an account, by name; its document as it was read. */
export type AccountPolicy = {
  readonly name: string;
  readonly text: string;
  /** Absent where it cannot be read as one. */
  readonly policy?: Policy;
  readonly isInline: boolean;
  /** Of a managed one. */
  readonly arn?: string;
  /** AWS's own: it is counted, and not checked. */
  readonly isOfAws?: boolean;
};

/** When a key was made and last used. Absent `lastUsed`: never. */
export type AccessKey = { readonly isActive: boolean; readonly rotated?: Date; readonly lastUsed?: Date };

/** A user, as the authorization details and the credential report have it. */
export type AccountUser = {
  readonly name: string;
  readonly arn: string;
  readonly policies: readonly AccountPolicy[];
  /** Those of its groups. */
  readonly groupPolicies: readonly AccountPolicy[];
  readonly boundary?: AccountPolicy;
  readonly created?: Date;
  /** Absent where it was not asked for. */
  readonly services?: readonly ServiceUse[];
  /** Absent where there is no credential report. */
  readonly credentials?: {
    readonly hasPassword: boolean;
    readonly passwordLastUsed?: Date;
    readonly created?: Date;
    readonly hasMfa: boolean;
    readonly keys: readonly AccessKey[];
  };
};

/** What a service last saw of a principal. Absent `lastUsed`: not within what AWS keeps. */
export type ServiceUse = {
  readonly service: string;
  readonly lastUsed?: Date;
  readonly actions?: readonly { readonly name: string; readonly lastUsed?: Date }[];
};

export type AccountRole = {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly policies: readonly AccountPolicy[];
  readonly boundary?: AccountPolicy;
  readonly trust: AccountPolicy;
  readonly created?: Date;
  readonly lastUsed?: Date;
  /** Absent where it was not asked for. */
  readonly services?: readonly ServiceUse[];
};

/** Calls of one kind that a trail shows: of one principal, by one action, on the same resources. */
export type SeenCall = {
  /** The ARN of a user or role. */
  readonly principal: string;
  /** The action that allows them; a service's prefix where the event does not say which. */
  readonly what: string;
  /** ARNs that the event names; empty where it names none. */
  readonly resources: readonly string[];
  readonly region: string;
  /** False where IAM denied them. */
  readonly isAllowed: boolean;
  readonly count: number;
  readonly last: Date;
};

/** What trails show, and what of it they can show at all. */
export type SeenCalls = {
  readonly calls: readonly SeenCall[];
  /** Absent where no event was seen. */
  readonly from?: Date;
  readonly until?: Date;
  readonly events: number;
  /** Events that could not be read, and calls of services that IAM does not know. */
  readonly unread: number;
  /** Services, by their prefixes, of which calls on data were logged too. */
  readonly dataOf: ReadonlySet<string>;
};

/** A part of an account that could not be read, and so cannot be judged. */
export type Gap = { readonly part: AccountPart; readonly why: string };
export type AccountPart =
  | 'credential report'
  | 'account summary'
  | 'password policy'
  | 'analyzers'
  | 'trails'
  | 'last accessed'
  | 'service control policies'
  | 'resource control policies'
  | 'calls';

/** An account as it was collected. What is absent was not collected: `gaps` says why. */
export type Account = {
  readonly id: string;
  readonly collectedAt: Date;
  readonly users: readonly AccountUser[];
  readonly roles: readonly AccountRole[];
  readonly managed: readonly AccountPolicy[];
  /** With the level that each is attached to, where that is known. */
  readonly serviceControl: readonly (AccountPolicy & { readonly level?: string })[];
  /** Whatever each is attached to: what one denies is denied. */
  readonly resourceControl: readonly AccountPolicy[];
  /** Absent where no trail was read. */
  readonly seen?: SeenCalls;
  readonly root?: { readonly hasKeys: boolean; readonly hasMfa: boolean };
  /** `null` where the account has none. */
  readonly passwordPolicy?: { readonly minimumLength: number; readonly preventsReuseOf: number } | null;
  readonly analyzers?: readonly { readonly type: string; readonly isActive: boolean }[];
  readonly trails?: readonly { readonly isMultiRegion: boolean; readonly isLogging: boolean }[];
  readonly gaps: readonly Gap[];
};
