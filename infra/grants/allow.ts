import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** A statement that allows these actions on these resources, without a condition. */
export const allow = (actions: string[], ...resources: string[]): PolicyStatement =>
  new PolicyStatement({ actions, resources });
