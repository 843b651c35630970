import type { Observation } from './aws/authorize.ts';
import type { Consumed } from './aws/dynamodb/consumed-units.ts';
import type { Queue } from './aws/queues/queue-store.ts';
import type { AwsCaller, AwsCredential, TimedCall } from './aws/types.ts';

/** What was published to a topic. */
export type TopicMessage = {
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
};

/** The AWS endpoint (sandbox/aws): signatures and IAM in front of what the template and the catalog name, and `services`. */
export type AwsEndpoint = {
  url: string;
  credentials: {
    /** A session of a role, by its ARN, that does not expire while the sandbox runs. */
    issueForRole(roleArn: string, sessionName: string): AwsCredential;
    add(credential: AwsCredential): void;
    find(accessKeyId: string): AwsCredential | undefined;
    /** All that was ever minted here, ended or not. */
    all(): AwsCredential[];
  };
  /** Gives a secret its value, as an operator does after a deployment. */
  secrets: { put(name: string, value: string): void };
  /** What was published to topics, the newest first. */
  published(): readonly TopicMessage[];
  /** A queue, the broker's own or one that the catalog names. */
  queueOf(name: string): Queue | undefined;
  /** Sees every decision of IAM; the answer ends it. */
  observe(observer: (observation: Observation) => void): () => void;
  /** Sees what each call consumes of the tables. */
  meter(meter: (consumed: Consumed) => void): void;
  /** Sees each call that IAM let through, once it is answered. */
  time(timer: (timed: TimedCall) => void): void;
  /** Answers no call sooner than this, from now on. */
  answerAfter(milliseconds: number): void;
  /** Who signed a request; throws AwsError where nobody did, or badly. */
  verify(request: Request): Promise<AwsCaller>;
  /** Whether IAM lets whoever signed a call of API Gateway make it; throws AwsError as `verify` does. */
  mayCall(request: Request, authorization: { action: string; resource: string }): Promise<boolean>;
  close(): Promise<void>;
};
