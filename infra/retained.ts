import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * For what outlives its stack: it stays when it is replaced or the stack is deleted, but goes with a first deployment
 * that fails. Kept even then (`RETAIN`), its name would block the next one.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
export const RETAINED = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
