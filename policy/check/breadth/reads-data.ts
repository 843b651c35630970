/** Actions that answer what customers keep in a service, and not only what it is called. */
const READS: ReadonlySet<string> = new Set(
  [
    's3:GetObject s3:GetObjectVersion s3:GetObjectTorrent s3express:CreateSession glacier:GetJobOutput',
    'dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query dynamodb:Scan dynamodb:PartiQLSelect dynamodb:GetRecords',
    'secretsmanager:GetSecretValue secretsmanager:BatchGetSecretValue',
    'ssm:GetParameter ssm:GetParameters ssm:GetParametersByPath ssm:GetParameterHistory',
    'sqs:ReceiveMessage kinesis:GetRecords kinesis:SubscribeToShard firehose:GetKinesisStream kafka-cluster:ReadData',
    'logs:GetLogEvents logs:FilterLogEvents logs:StartQuery logs:GetLogRecord logs:Unmask logs:StartLiveTail',
    'rds-data:ExecuteStatement rds-data:BatchExecuteStatement redshift-data:GetStatementResult rds:DownloadDBLogFilePortion',
    'athena:GetQueryResults athena:GetQueryResultsStream ebs:GetSnapshotBlock ec2:GetConsoleOutput ec2:GetPasswordData',
    'ecr:BatchGetImage ecr:GetDownloadUrlForLayer codecommit:GetFile codecommit:GitPull codecommit:GetBlob',
    'lambda:GetFunction cloudtrail:GetQueryResults es:ESHttpGet aoss:APIAccessAll neptune-db:ReadDataViaQuery',
    'cognito-idp:ListUsers cognito-idp:AdminGetUser connect:GetContactAttributes workmail:GetMailboxDetails',
    'glue:GetConnection glue:GetConnections appconfig:GetLatestConfiguration backup:StartRestoreJob timestream:Select',
    'sagemaker:GetRecord sagemaker:Search comprehend:DescribeDocumentClassificationJob cassandra:Select elasticfilesystem:ClientMount',
  ].flatMap((line) => line.toLowerCase().split(' ')),
);

export const readsData = (action: string): boolean => READS.has(action.toLowerCase());
