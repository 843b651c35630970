/**
 * Placeholders of ARNs by the parameters that say them, where neither the names nor the models' shapes do.
 */
export const SAYS: Readonly<Record<string, readonly string[]>> = {
  // A global table is its tables, which are all called as it is.
  // @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateGlobalTable.html
  'dynamodb:TableName': ['TableName', 'GlobalTableName'],
  'sqs:QueueName': ['QueueUrl'],
  'sns:TopicName': ['TopicArn', 'TargetArn'],
  'secretsmanager:SecretId': ['SecretId'],
  'lambda:FunctionName': ['FunctionName'],
  'logs:LogGroupName': ['logGroupName', 'logGroupIdentifier', 'logGroupNames', 'logGroupIdentifiers'],
  'logs:ScheduledQueryId': ['identifier'],
  'ssm:ParameterNameWithoutLeadingSlash': ['Name', 'Names'],
  'rds:DbInstanceName': ['DBInstanceIdentifier'],
  'rds:DbClusterInstanceName': ['DBClusterIdentifier', 'DbClusterIdentifier'],
  'rds:SnapshotName': ['DBSnapshotIdentifier', 'DBSnapshotName'],
  'states:StateMachineName': ['stateMachineArn', 'name'],
  'kinesis:StreamName': ['StreamName', 'StreamARN'],
  'events:EventBusName': ['EventBusName'],
  'ecs:ClusterName': ['cluster', 'clusters', 'clusterName', 'clusterArn'],
  'ecs:CapacityProviderName': ['capacityProvider', 'capacityProviders', 'name'],
  'ecs:TaskDefinitionFamilyName': ['taskDefinition', 'taskDefinitions', 'family'],
  'ecs:TaskDefinitionRevisionNumber': ['taskDefinition', 'taskDefinitions'],
  'ecs:DaemonTaskDefinitionFamilyName': ['daemonTaskDefinition', 'family'],
  'ecs:DaemonTaskDefinitionRevisionNumber': ['daemonTaskDefinition'],
  'ecs:ServiceName': ['service', 'services', 'serviceName'],
  'ecs:TaskId': ['task', 'tasks'],
  'ecs:ContainerInstanceId': ['containerInstance', 'containerInstances'],
  'ecs:TaskSetId': ['taskSet', 'taskSets', 'primaryTaskSet'],
  'rds:ParameterGroupName': ['DBParameterGroupName'],
  'rds:ClusterParameterGroupName': ['DBClusterParameterGroupName'],
  'rds:ClusterSnapshotName': ['DBClusterSnapshotIdentifier', 'FinalDBSnapshotIdentifier'],
  'rds:SecurityGroupName': ['DBSecurityGroupName'],
  'rds:SubnetGroupName': ['DBSubnetGroupName'],
  'iam:OidcProviderName': ['Url'],
  'rds:ReservedDbInstanceName': ['ReservedDBInstanceId'],
  'rds:GlobalCluster': ['GlobalClusterIdentifier'],
  'rds:DbClusterEndpoint': ['DBClusterEndpointIdentifier'],
  'cloudwatch:AlarmName': ['AlarmName', 'AlarmNames'],
  'cloudwatch:DashboardName': ['DashboardName', 'DashboardNames'],
  'cloudwatch:InsightRuleName': ['RuleName', 'RuleNames'],
  'cloudwatch:MetricStreamName': ['Name', 'Names'],
  'ec2:DedicatedHostId': ['HostIds', 'HostIdSet', 'HostId'],
  'ec2:VpnGatewayId': ['VpnGatewayId', 'VpnGatewayIds', 'GatewayId'],
  'ec2:VpcBlockPublicAccessExclusionId': ['ExclusionId', 'ExclusionIds'],
  'ec2:SecurityGroupId': ['GroupId', 'GroupIds', 'SecurityGroupId', 'SecurityGroupIds'],
  'ec2:KeyPairName': ['KeyName', 'KeyNames'],
  'ec2:PlacementGroupName': ['GroupName', 'GroupNames'],
  'ec2:NaclId': ['NetworkAclId', 'NetworkAclIds'],
  'ec2:NetworkAclId': ['NetworkAclId', 'NetworkAclIds'],
  'ec2:VpcEndpointServiceId': ['ServiceId', 'ServiceIds'],
  'ec2:VpcFlowLogId': ['FlowLogIds'],
  'ec2:Ipv4PoolCoipId': ['CoipPoolId', 'PoolId'],
  'ec2:Ipv4PoolEc2Id': ['PoolId', 'PoolIds'],
  'ec2:Ipv6PoolEc2Id': ['PoolId', 'PoolIds'],
  'ec2:ReservationId': ['ReservedInstancesIds', 'ReservedInstanceIds', 'ReservedInstancesId'],
  'ec2:ImageUsageReportId': ['ReportId'],
  'ec2:DeclarativePoliciesReportId': ['ReportId'],
  'lambda:LayerVersion': ['VersionNumber'],
  'lambda:Alias': ['Qualifier'],
  'ssm:ResourceId': ['WindowId', 'OpsItemId', 'SettingId'],
  'ssm:PatchBaselineIdResourceId': ['BaselineId'],
  'ssm:InstanceId': ['InstanceId', 'InstanceIds', 'Target'],
  'ssm:DocumentName': ['DocumentName', 'Name', 'CalendarNames'],
  'ssm:SyncName': ['SyncName'],
};

/** The same of what stands within other parameters, `N` being any place of a list. */
export const WITHIN: Readonly<Record<string, readonly string[]>> = {
  'ecs:ContainerInstanceId': ['attributes.N.targetId'],
};

/**
 * Kinds that an operation makes where it is not told of one that is there.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances
 */
export const MADE: Readonly<Record<string, readonly string[]>> = {
  'ec2:RunInstances': ['instance', 'network-interface', 'volume'],
};

/**
 * Kinds that an operation makes under ids that AWS gives them, whatever of the kind it names besides: a copy's source,
 * of which see `COPIED`.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export const ALWAYS_MADE: Readonly<Record<string, readonly string[]>> = {
  'ec2:AcceptAddressTransfer': ['elastic-ip'],
  'ec2:CopyFpgaImage': ['fpga-image'],
  'ec2:CopyImage': ['image', 'snapshot'],
  'ec2:CopySnapshot': ['snapshot'],
  'ec2:CreateFleet': ['instance'],
  'ec2:CreateImage': ['image', 'snapshot'],
  'ec2:CreateSnapshots': ['snapshot'],
  'ec2:ImportInstance': ['instance', 'volume'],
  'ec2:ImportVolume': ['volume'],
  'ec2:RequestSpotInstances': ['spot-instances-request'],
  'logs:CreateDelivery': ['delivery'],
  'rds:StartDBInstanceAutomatedBackupsReplication': ['auto-backup'],
};

/**
 * Parameters that name what is copied, by the kind that is copied too. It is in the region that `SourceRegion` says.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/copy-ami-permissions.html
 */
export const COPIED: Readonly<Record<string, string>> = {
  'ec2:CopyImage image': 'SourceImageId',
  'ec2:CopySnapshot snapshot': 'SourceSnapshotId',
};

/** ARNs of what IAM knows no kind of, and that say what it does know: a subscription's topic. */
export const OTHER_ARNS: Readonly<Record<string, readonly string[]>> = {
  sns: ['arn:${Partition}:sns:${Region}:${Account}:${TopicName}:${SubscriptionId}'],
};
