/** The part of the Amazon States Language (JSONPath) that the sandbox looks into. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export type AslRetrier = {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: 'NONE' | 'FULL';
};
type AslCatcher = { ErrorEquals: string[]; Next: string; ResultPath?: string | null };

export type AslState = {
  Type: string;
  Comment?: string;
  Next?: string;
  End?: boolean;
  Resource?: string;
  Parameters?: JsonValue;
  ResultPath?: string | null;
  TimeoutSeconds?: number;
  TimeoutSecondsPath?: string;
  Seconds?: number;
  Retry?: AslRetrier[];
  Catch?: AslCatcher[];
  [field: string]: unknown;
};

export type AslDefinition = {
  Comment?: string;
  StartAt: string;
  TimeoutSeconds?: number;
  States: Record<string, AslState>;
  [field: string]: unknown;
};

/** A state machine as the template describes it, substitutions applied. */
export type StateMachineSpec = {
  name: string;
  arn: string;
  roleArn: string;
  definition: AslDefinition;
};
