/**
 * Actions by which whoever may do them comes to more than they were given, though IAM does not count them as
 * permissions management. Each is what a known path of escalation cannot do without: it acts with the role of what it
 * changes or starts, makes credentials, or passes a role on.
 * Facts from pathfinding.cloud (Datadog, Apache-2.0) and Prowler's combinations (Apache-2.0), as of November 2026; the
 * last three are from the services' own documentation: they change who may use a queue or a table.
 */
export const WIDENING_ACTIONS: ReadonlySet<string> = new Set([
  'apprunner:UpdateService',
  'batch:SubmitJob',
  'bedrock-agentcore:ConnectBrowserAutomationStream',
  'bedrock-agentcore:InvokeAgentRuntimeCommand',
  'bedrock-agentcore:InvokeCodeInterpreter',
  'cloudformation:CreateChangeSet',
  'cloudformation:ExecuteChangeSet',
  'cloudformation:UpdateStack',
  'codebuild:StartBuild',
  'codebuild:StartBuildBatch',
  'codedeploy:CreateDeployment',
  'ec2-instance-connect:SendSSHPublicKey',
  'ec2-instance-connect:SendSerialConsoleSSHPublicKey',
  'ec2:CreateLaunchTemplateVersion',
  'ec2:ModifyInstanceAttribute',
  'ec2:ModifyLaunchTemplate',
  'ecs:ExecuteCommand',
  'glue:UpdateDevEndpoint',
  'lambda:CreateFunction',
  'lambda:UpdateFunctionCode',
  'lambda:UpdateFunctionConfiguration',
  'sagemaker:CreateNotebookInstanceLifecycleConfig',
  'sagemaker:CreatePresignedNotebookInstanceUrl',
  'sagemaker:UpdateNotebookInstance',
  'ssm:SendCommand',
  'ssm:StartSession',
  'states:UpdateStateMachine',
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
  'sts:AssumeRoot',
  'dynamodb:UpdateAbacStatus',
  'sns:SetTopicAttributes',
  'sqs:SetQueueAttributes',
]);

/** Services in which whatever is not reading decides on who may do what. */
export const WIDENING_SERVICES: ReadonlySet<string> = new Set([
  'iam',
  'identitystore',
  'organizations',
  'sso',
  'sso-directory',
]);
