/**
 * Actions that hand a role to a service, and the services that they can hand it to, without `.amazonaws.com`: whoever
 * does them with a role needs iam:PassRole. The compiled data has no dependent actions (its source gives none), so
 * these facts are from AWS's Service Authorization Reference, November 2026.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
const PASSING: Readonly<Record<string, string>> = {
  airflow: 'CreateEnvironment UpdateEnvironment > airflow airflow-env',
  amplify: 'CreateApp UpdateApp > amplify',
  apprunner: 'CreateService > build.apprunner tasks.apprunner',
  appsync: 'CreateDataSource UpdateDataSource CreateGraphqlApi UpdateGraphqlApi > appsync',
  autoscaling: 'CreateLaunchConfiguration > ec2',
  backup: 'CreateBackupSelection StartBackupJob StartCopyJob StartRestoreJob > backup',
  batch: 'CreateComputeEnvironment UpdateComputeEnvironment > batch; RegisterJobDefinition > ecs-tasks',
  bedrock:
    'CreateAgent UpdateAgent CreateKnowledgeBase UpdateKnowledgeBase CreateModelCustomizationJob > bedrock',
  braket: 'CreateJob > braket',
  cloudformation: 'CreateStack UpdateStack DeleteStack CreateChangeSet CreateStackSet > cloudformation',
  cloudtrail: 'CreateTrail UpdateTrail > cloudtrail',
  codebuild: 'CreateProject UpdateProject > codebuild',
  codedeploy: 'CreateDeploymentGroup UpdateDeploymentGroup > codedeploy',
  codepipeline: 'CreatePipeline UpdatePipeline > codepipeline',
  'cognito-identity': 'SetIdentityPoolRoles > cognito-identity',
  config: 'PutConfigurationRecorder > config',
  datapipeline: 'PutPipelineDefinition > datapipeline elasticmapreduce ec2',
  ec2: 'RunInstances AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation > ec2; RequestSpotFleet > spotfleet ec2; CreateFlowLogs > vpc-flow-logs',
  ecs: 'RegisterTaskDefinition RunTask StartTask > ecs-tasks; CreateService UpdateService > ecs',
  eks: 'CreateCluster > eks; CreateNodegroup > ec2; CreateFargateProfile > eks-fargate-pods; CreatePodIdentityAssociation > pods.eks',
  elasticmapreduce: 'RunJobFlow > elasticmapreduce ec2',
  'emr-serverless': 'StartJobRun > emr-serverless',
  events: 'PutTargets PutRule > events',
  firehose: 'CreateDeliveryStream UpdateDestination > firehose',
  fis: 'CreateExperimentTemplate UpdateExperimentTemplate > fis',
  gamelift: 'CreateBuild CreateFleet > gamelift',
  glue: 'CreateCrawler UpdateCrawler CreateJob UpdateJob CreateDevEndpoint CreateSession > glue',
  imagebuilder: 'CreateInfrastructureConfiguration > ec2',
  iot: 'CreateTopicRule ReplaceTopicRule CreateRoleAlias UpdateRoleAlias > iot',
  kinesisanalytics: 'CreateApplication UpdateApplication > kinesisanalytics',
  lambda: 'CreateFunction UpdateFunctionConfiguration > lambda',
  logs: 'PutSubscriptionFilter PutDestination > logs',
  omics: 'StartRun > omics',
  pipes: 'CreatePipe UpdatePipe > pipes',
  rds: 'AddRoleToDBCluster AddRoleToDBInstance > rds; StartExportTask > export.rds',
  redshift: 'CreateCluster ModifyClusterIamRoles > redshift',
  s3: 'PutReplicationConfiguration > s3; CreateJob > batchoperations.s3',
  sagemaker:
    'CreateAutoMLJob CreateDomain CreateHyperParameterTuningJob CreateModel CreateNotebookInstance CreatePipeline CreateProcessingJob CreateTrainingJob UpdateNotebookInstance > sagemaker',
  scheduler: 'CreateSchedule UpdateSchedule > scheduler',
  ssm: 'CreateActivation StartAutomationExecution RegisterTaskWithMaintenanceWindow > ssm',
  states: 'CreateStateMachine UpdateStateMachine > states',
  transfer: 'CreateServer CreateUser UpdateUser > transfer',
};

/** By action: the services that it can hand a role to. */
export const PASSES_ROLE_TO: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(PASSING).flatMap(([service, text]) =>
    text.split(/; */).flatMap((part) => {
      const [actions = '', takers = ''] = part.split(' > ');
      return actions
        .split(' ')
        .map((name): [string, readonly string[]] => [`${service}:${name}`, takers.split(' ')]);
    }),
  ),
);

/** An action without which another is of no use. */
export type Companion = {
  readonly action: string;
  /** What the two do together, after "because". */
  readonly because: string;
};

const login: Companion = {
  action: 'ecr:GetAuthorizationToken',
  because: 'a container client signs in to the registry first, and the call takes no resource',
};

/** Actions that take no resource, or the same one, and that others cannot do without. */
export const COMPANIONS: Readonly<Record<string, readonly Companion[]>> = {
  'ecr:BatchGetImage': [login],
  'ecr:GetDownloadUrlForLayer': [login],
  'ecr:PutImage': [login],
  'ecr:UploadLayerPart': [login],
  'logs:StartQuery': [
    {
      action: 'logs:GetQueryResults',
      because: 'what a query found is read by it, and the call takes no resource',
    },
  ],
};

/** What an action needs besides in some cases that a policy's author has to decide on; told, and never added. */
export const NEEDED_SOMETIMES: Readonly<Record<string, string>> = {
  'autoscaling:CreateAutoScalingGroup':
    'with a launch template it needs ec2:RunInstances; the first group of an account needs iam:CreateServiceLinkedRole',
  'athena:StartQueryExecution':
    'it reads the Glue catalog (glue:GetDatabase, glue:GetTable, glue:GetPartitions), the data in S3, and writes results to a bucket',
  'ec2:RunInstances': 'with tags it needs ec2:CreateTags, limited by ec2:CreateAction',
  'elasticloadbalancing:CreateLoadBalancer': 'the first one of an account needs iam:CreateServiceLinkedRole',
  'lambda:CreateFunction':
    'from an image it needs ecr:BatchGetImage and ecr:GetRepositoryPolicy; with layers lambda:GetLayerVersion; in a VPC ec2:DescribeSubnets, ec2:DescribeSecurityGroups and ec2:DescribeVpcs',
  'rds:CreateDBInstance':
    'the first one of an account needs iam:CreateServiceLinkedRole; with a key of your own kms:CreateGrant and kms:DescribeKey',
  'redshift-data:ExecuteStatement':
    'it signs in by redshift:GetClusterCredentials, redshift:GetClusterCredentialsWithIAM or redshift-serverless:GetCredentials',
};
