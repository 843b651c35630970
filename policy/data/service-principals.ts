/** Services that take a role only as it is passed to them in its own account. */
export const RUNS_AS_ROLE =
  /^(?:ec2|lambda|ecs-tasks|ecs|eks|pods\.eks|codebuild|glue|sagemaker|ssm|edgelambda)\.amazonaws\.com(?:\.cn)?$/;

/**
 * What services are called where they assume a role, without `.amazonaws.com`. AWS has no list of them: these are from
 * the services' own pages on their roles, November 2026.
 */
export const ROLE_TAKERS: ReadonlySet<string> = new Set(
  `airflow airflow-env amplify apigateway application-autoscaling appflow apprunner.build build.apprunner tasks.apprunner
  appstream appsync athena autoscaling backup batch batchoperations.s3 bedrock bedrock-agentcore braket
  cloudformation cloudtrail codebuild codedeploy codepipeline cognito-identity cognito-idp config connect datapipeline
  datasync dax delivery.logs dlm dms ec2 ec2fleet ecs ecs-tasks edgelambda eks eks-fargate-pods elasticbeanstalk
  elasticfilesystem elasticmapreduce emr-serverless es events export.rds firehose fis forecast gamelift glue
  grafana greengrass imagebuilder iot iotevents kafkaconnect kinesisanalytics lakeformation lambda lex lexv2 logs
  machinelearning mediaconvert mediastore mgn monitoring.rds omics opensearchservice osis personalize pipes pods.eks
  quicksight rds redshift redshift-serverless rekognition robomaker rolesanywhere s3 sagemaker scheduler securitylake
  servicecatalog ses sns spotfleet ssm ssm-incidents states storagegateway synthetics textract timestream transcribe
  transfer vpc-flow-logs vmie workspaces xray`.split(/\s+/),
);
