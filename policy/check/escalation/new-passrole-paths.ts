import { p10 } from './new-passrole/builds/p10-codebuild-001.ts';
import { p13 } from './new-passrole/builds/p13-codebuild-004.ts';
import { p90 } from './new-passrole/builds/p90-imagebuilder-create-component.ts';
import { p100 } from './new-passrole/builds/p100-codestar-create-project.ts';
import { p105 } from './new-passrole/builds/p105-codebuild-update-project.ts';
import { p121 } from './new-passrole/builds/p121-codepipeline-create-pipeline.ts';
import { p20 } from './new-passrole/containers/p20-ecs-001.ts';
import { p21 } from './new-passrole/containers/p21-ecs-002.ts';
import { p22 } from './new-passrole/containers/p22-ecs-003.ts';
import { p23 } from './new-passrole/containers/p23-ecs-004.ts';
import { p24 } from './new-passrole/containers/p24-ecs-005.ts';
import { p75 } from './new-passrole/containers/p75-ecs-run-task.ts';
import { p76 } from './new-passrole/containers/p76-ecs-start-task.ts';
import { p81 } from './new-passrole/containers/p81-batch-register-job-definition.ts';
import { p122 } from './new-passrole/containers/p122-ecs-register-task-definition.ts';
import { p123 } from './new-passrole/containers/p123-eks-create-pod-identity-association.ts';
import { p14 } from './new-passrole/jobs/p14-datapipeline-001.ts';
import { p25 } from './new-passrole/jobs/p25-glue-001.ts';
import { p27 } from './new-passrole/jobs/p27-glue-003.ts';
import { p28 } from './new-passrole/jobs/p28-glue-004.ts';
import { p29 } from './new-passrole/jobs/p29-glue-005.ts';
import { p30 } from './new-passrole/jobs/p30-glue-006.ts';
import { p58 } from './new-passrole/jobs/p58-sagemaker-001.ts';
import { p59 } from './new-passrole/jobs/p59-sagemaker-002.ts';
import { p60 } from './new-passrole/jobs/p60-sagemaker-003.ts';
import { p83 } from './new-passrole/jobs/p83-braket-create-job.ts';
import { p86 } from './new-passrole/jobs/p86-elasticmapreduce-run-job-flow.ts';
import { p87 } from './new-passrole/jobs/p87-emr-serverless-start-job-run.ts';
import { p89 } from './new-passrole/jobs/p89-glue-create-session.ts';
import { p91 } from './new-passrole/jobs/p91-kinesisanalytics-create-application.ts';
import { p92 } from './new-passrole/jobs/p92-omics-create-workflow.ts';
import { p107 } from './new-passrole/jobs/p107-sagemaker-create-hyper-parameter-tuning-job.ts';
import { p108 } from './new-passrole/jobs/p108-sagemaker-create-model.ts';
import { p109 } from './new-passrole/jobs/p109-sagemaker-create-pipeline.ts';
import { p111 } from './new-passrole/jobs/p111-sagemaker-create-domain.ts';
import { p85 } from './new-passrole/orchestration/p85-cognito-identity-set-identity-pool-roles.ts';
import { p93 } from './new-passrole/orchestration/p93-scheduler-create-schedule.ts';
import { p94 } from './new-passrole/orchestration/p94-ssm-create-document.ts';
import { p95 } from './new-passrole/orchestration/p95-states-create-state-machine.ts';
import { p112 } from './new-passrole/orchestration/p112-events-put-rule.ts';
import { p113 } from './new-passrole/orchestration/p113-pipes-create-pipe.ts';
import { p114 } from './new-passrole/orchestration/p114-scheduler-update-schedule.ts';
import { p115 } from './new-passrole/orchestration/p115-rolesanywhere-create-trust-anchor.ts';
import { p118 } from './new-passrole/orchestration/p118-airflow-create-environment.ts';
import { p127 } from './new-passrole/orchestration/p127-transfer-create-user.ts';
import { p129 } from './new-passrole/orchestration/p129-appsync-create-data-source.ts';
import { p130 } from './new-passrole/orchestration/p130-iot-create-role-alias.ts';
import { p01 } from './new-passrole/run/p01-apprunner-001.ts';
import { p03 } from './new-passrole/run/p03-bedrock-001.ts';
import { p16 } from './new-passrole/run/p16-ec2-001.ts';
import { p18 } from './new-passrole/run/p18-ec2-003.ts';
import { p52 } from './new-passrole/run/p52-lambda-001.ts';
import { p53 } from './new-passrole/run/p53-lambda-002.ts';
import { p57 } from './new-passrole/run/p57-lambda-006.ts';
import { p73 } from './new-passrole/run/p73-autoscaling-create-launch-configuration.ts';
import { p74 } from './new-passrole/run/p74-autoscaling-create-launch-configuration.ts';
import { p79 } from './new-passrole/run/p79-bedrock-agentcore-create-agent-runtime.ts';
import { p88 } from './new-passrole/run/p88-gamelift-create-build.ts';
import { p102 } from './new-passrole/run/p102-lambda-create-function.ts';
import { p103 } from './new-passrole/run/p103-ec2-request-spot-fleet.ts';
import { p125 } from './new-passrole/run/p125-appstream-create-image-builder.ts';
import { p05 } from './new-passrole/stacks/p05-cloudformation-001.ts';
import { p07 } from './new-passrole/stacks/p07-cloudformation-003.ts';
import { p08 } from './new-passrole/stacks/p08-cloudformation-004.ts';
import { p09 } from './new-passrole/stacks/p09-cloudformation-005.ts';
import { p126 } from './new-passrole/stacks/p126-elasticbeanstalk-create-environment.ts';
import { p131 } from './new-passrole/stacks/p131-amplify-create-app.ts';
import type { EscalationPath } from './path.ts';

export const newPassrolePaths: readonly EscalationPath[] = [
  p01,
  p03,
  p05,
  p07,
  p08,
  p09,
  p10,
  p13,
  p14,
  p16,
  p18,
  p20,
  p21,
  p22,
  p23,
  p24,
  p25,
  p27,
  p28,
  p29,
  p30,
  p52,
  p53,
  p57,
  p58,
  p59,
  p60,
  p73,
  p74,
  p75,
  p76,
  p79,
  p81,
  p83,
  p85,
  p86,
  p87,
  p88,
  p89,
  p90,
  p91,
  p92,
  p93,
  p94,
  p95,
  p100,
  p102,
  p103,
  p105,
  p107,
  p108,
  p109,
  p111,
  p112,
  p113,
  p114,
  p115,
  p118,
  p121,
  p122,
  p123,
  p125,
  p126,
  p127,
  p129,
  p130,
  p131,
];
