import { p04 } from './existing-passrole/code/p04-bedrock-002.ts';
import { p06 } from './existing-passrole/code/p06-cloudformation-002.ts';
import { p11 } from './existing-passrole/code/p11-codebuild-002.ts';
import { p12 } from './existing-passrole/code/p12-codebuild-003.ts';
import { p26 } from './existing-passrole/code/p26-glue-002.ts';
import { p54 } from './existing-passrole/code/p54-lambda-003.ts';
import { p55 } from './existing-passrole/code/p55-lambda-004.ts';
import { p56 } from './existing-passrole/code/p56-lambda-005.ts';
import { p61 } from './existing-passrole/code/p61-sagemaker-004.ts';
import { p62 } from './existing-passrole/code/p62-sagemaker-005.ts';
import { p72 } from './existing-passrole/code/p72-lambda-update-function-configuration.ts';
import { p82 } from './existing-passrole/code/p82-batch-submit-job.ts';
import { p96 } from './existing-passrole/code/p96-states-update-state-machine.ts';
import { p106 } from './existing-passrole/code/p106-codebuild-start-sandbox.ts';
import { p110 } from './existing-passrole/code/p110-sagemaker-create-presigned-domain-url.ts';
import { p02 } from './existing-passrole/machines/p02-apprunner-002.ts';
import { p15 } from './existing-passrole/machines/p15-ec2instanceconnect-003.ts';
import { p17 } from './existing-passrole/machines/p17-ec2-002.ts';
import { p19 } from './existing-passrole/machines/p19-ec2-004.ts';
import { p63 } from './existing-passrole/machines/p63-ssm-001.ts';
import { p64 } from './existing-passrole/machines/p64-ssm-002.ts';
import { p77 } from './existing-passrole/machines/p77-ecs-execute-command.ts';
import { p78 } from './existing-passrole/machines/p78-bedrock-agentcore-invoke-agent-runtime-command.ts';
import { p80 } from './existing-passrole/machines/p80-bedrock-agentcore-start-browser-session.ts';
import { p84 } from './existing-passrole/machines/p84-codedeploy-create-deployment.ts';
import { p101 } from './existing-passrole/machines/p101-ec2-associate-iam-instance-profile.ts';
import { p104 } from './existing-passrole/machines/p104-ssm-create-association.ts';
import { p119 } from './existing-passrole/machines/p119-airflow-create-web-login-token.ts';
import { p120 } from './existing-passrole/machines/p120-elasticmapreduce-add-job-flow-steps.ts';
import { p132 } from './existing-passrole/machines/p132-ssm-start-automation-execution.ts';
import type { EscalationPath } from './path.ts';

export const existingPassrolePaths: readonly EscalationPath[] = [
  p02,
  p04,
  p06,
  p11,
  p12,
  p15,
  p17,
  p19,
  p26,
  p54,
  p55,
  p56,
  p61,
  p62,
  p63,
  p64,
  p72,
  p77,
  p78,
  p80,
  p82,
  p84,
  p96,
  p101,
  p104,
  p106,
  p110,
  p119,
  p120,
  p132,
];
