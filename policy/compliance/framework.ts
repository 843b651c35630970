/** A control, and the checks that are evidence for it. A check ends in `*` where it means all of its letter or number. */
export type Control = {
  readonly id: string;
  readonly title: string;
  readonly checks: readonly string[];
};

/** A framework of one version: the ids of CIS moved twice, so a version stands with each. */
export type Framework = {
  readonly id: string;
  readonly name: string;
  readonly controls: readonly Control[];
  /** What a reader has to know before the answers. */
  readonly note?: string;
};

/** `met` means that what was looked at does not speak against it; never that anybody is compliant. */
export type ControlAnswer = {
  readonly id: string;
  readonly title: string;
  readonly state: 'met' | 'not met' | 'not assessable from this';
  /** Ids and details of the findings that say so; or which checks were not asked. */
  readonly because: readonly string[];
};
