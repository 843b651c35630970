# Template only, never applied: held equal to reference-roles.template.json, statement by statement, by a test.

data "aws_partition" "current" {}

variable "region" {
  type = string
  description = "The only region that they read in"
}

variable "trusted_user_arn" {
  type = string
  description = "The user who may assume them, with MFA"
  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::\\d{12}:user/.+$", var.trusted_user_arn))
    error_message = "trusted_user_arn is not one."
  }
}

variable "deploy_bucket" {
  type = string
  description = "A bucket with versioning: putting a file over another keeps both"
}

variable "deploy_folder" {
  type = string
  description = "Without slashes at its ends"
  validation {
    condition     = can(regex("^[^*?/][^*?]*[^*?/]$", var.deploy_folder))
    error_message = "deploy_folder is not one."
  }
}

variable "database_cluster_arn" {
  type = string
  validation {
    condition     = can(regex("^arn:[a-z-]+:rds:[a-z0-9-]+:\\d{12}:cluster:[a-zA-Z0-9-]+$", var.database_cluster_arn))
    error_message = "database_cluster_arn is not one."
  }
}

variable "reading_user_secret_arn" {
  type = string
  description = "Of a database user who may only read: IAM cannot tell a SELECT from a DELETE"
  validation {
    condition     = can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[^*?]+$", var.reading_user_secret_arn))
    error_message = "reading_user_secret_arn is not one."
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "WithMfaOfNowAndAName"
    effect  = "Allow"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [var.trusted_user_arn]
    }
    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["true"]
    }
    condition {
      test     = "NumericLessThan"
      variable = "aws:MultiFactorAuthAge"
      values   = ["900"]
    }
    condition {
      test     = "StringLike"
      variable = "sts:SourceIdentity"
      values   = ["?*"]
    }
  }
  statement {
    sid     = "TheNameItself"
    effect  = "Allow"
    actions = ["sts:SetSourceIdentity"]
    principals {
      type        = "AWS"
      identifiers = [var.trusted_user_arn]
    }
    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["true"]
    }
    condition {
      test     = "NumericLessThan"
      variable = "aws:MultiFactorAuthAge"
      values   = ["900"]
    }
  }
}

data "aws_iam_policy_document" "ec2_read" {
  statement {
    sid     = "DescribeInstances"
    effect  = "Allow"
    actions = ["ec2:DescribeInstanceStatus", "ec2:DescribeInstances", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVolumes", "ec2:DescribeVpcs"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = [var.region]
    }
  }
}

resource "aws_iam_policy" "ec2_read" {
  name        = "postern-ec2-read"
  description = "Describes instances and what they stand in; also the boundary of its role"
  policy      = data.aws_iam_policy_document.ec2_read.json
}

resource "aws_iam_role" "ec2_read" {
  name                 = "postern-ec2-read"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.ec2_read.arn
}

resource "aws_iam_role_policy_attachment" "ec2_read" {
  role       = aws_iam_role.ec2_read.name
  policy_arn = aws_iam_policy.ec2_read.arn
}

data "aws_iam_policy_document" "metrics_read" {
  statement {
    sid     = "ReadMetrics"
    effect  = "Allow"
    actions = ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = [var.region]
    }
  }
}

resource "aws_iam_policy" "metrics_read" {
  name        = "postern-metrics-read"
  description = "Reads metrics and alarms; also the boundary of its role"
  policy      = data.aws_iam_policy_document.metrics_read.json
}

resource "aws_iam_role" "metrics_read" {
  name                 = "postern-metrics-read"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.metrics_read.arn
}

resource "aws_iam_role_policy_attachment" "metrics_read" {
  role       = aws_iam_role.metrics_read.name
  policy_arn = aws_iam_policy.metrics_read.arn
}

data "aws_iam_policy_document" "s3_deploy" {
  statement {
    sid     = "ListTheFolder"
    effect  = "Allow"
    actions = ["s3:ListBucket"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${var.deploy_bucket}"]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["${var.deploy_folder}/*"]
    }
  }
  statement {
    sid     = "PutFiles"
    effect  = "Allow"
    actions = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${var.deploy_bucket}/${var.deploy_folder}/*"]
  }
  statement {
    sid     = "DeleteNothing"
    effect  = "Deny"
    actions = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "s3_deploy" {
  name        = "postern-s3-deploy"
  description = "Puts a site's files, and deletes none; also the boundary of its role"
  policy      = data.aws_iam_policy_document.s3_deploy.json
}

resource "aws_iam_role" "s3_deploy" {
  name                 = "postern-s3-deploy"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.s3_deploy.arn
}

resource "aws_iam_role_policy_attachment" "s3_deploy" {
  role       = aws_iam_role.s3_deploy.name
  policy_arn = aws_iam_policy.s3_deploy.arn
}

data "aws_iam_policy_document" "rds_data_read" {
  statement {
    sid     = "Ask"
    effect  = "Allow"
    actions = ["rds-data:ExecuteStatement"]
    resources = [var.database_cluster_arn]
  }
  statement {
    sid     = "AsTheUserWhoReads"
    effect  = "Allow"
    actions = ["secretsmanager:GetSecretValue"]
    resources = [var.reading_user_secret_arn]
  }
}

resource "aws_iam_policy" "rds_data_read" {
  name        = "postern-rds-data-read"
  description = "Asks one database, as its user who only reads; also the boundary of its role"
  policy      = data.aws_iam_policy_document.rds_data_read.json
}

resource "aws_iam_role" "rds_data_read" {
  name                 = "postern-rds-data-read"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.rds_data_read.arn
}

resource "aws_iam_role_policy_attachment" "rds_data_read" {
  role       = aws_iam_role.rds_data_read.name
  policy_arn = aws_iam_policy.rds_data_read.arn
}

data "aws_caller_identity" "current" {}

resource "aws_sns_topic" "told" {
  name = "postern-reference-roles"
}

data "aws_iam_policy_document" "told_by_events" {
  statement {
    sid     = "RulesOfThisAccount"
    effect  = "Allow"
    actions = ["sns:Publish"]
    resources = [aws_sns_topic.told.arn]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "told_by_events" {
  arn    = aws_sns_topic.told.arn
  policy = data.aws_iam_policy_document.told_by_events.json
}

resource "aws_cloudwatch_event_rule" "failed_assumes" {
  name          = "postern-failed-assumes"
  description   = "Somebody was refused one of the reference roles"
  state         = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
  event_pattern = file("${path.module}/failed-assumes.event-pattern.json")
}

resource "aws_cloudwatch_event_target" "failed_assumes" {
  rule = aws_cloudwatch_event_rule.failed_assumes.name
  arn  = aws_sns_topic.told.arn
}

resource "aws_cloudwatch_event_rule" "odd_hours" {
  name          = "postern-odd-hours"
  description   = "One of the reference roles was assumed between 18 and 6 o'clock UTC"
  state         = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
  event_pattern = file("${path.module}/odd-hours.event-pattern.json")
}

resource "aws_cloudwatch_event_target" "odd_hours" {
  rule = aws_cloudwatch_event_rule.odd_hours.name
  arn  = aws_sns_topic.told.arn
}
