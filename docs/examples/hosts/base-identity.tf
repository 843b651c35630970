# Template only, never applied: held equal to base-identity.template.json, statement by statement, by a test.

data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}

variable "region" {
  type = string
  description = "Where this is made"
}

variable "host" {
  type = string
  description = "What the agent runs on; iam-user only where none of the others is there"
  validation {
    condition     = contains(["ec2", "ecs", "lambda", "eks-pod-identity", "roles-anywhere", "github", "iam-user"], var.host)
    error_message = "host is not one."
  }
}

variable "api_id" {
  type = string
  description = "First label of the broker's ApiUrl"
  validation {
    condition     = can(regex("^[a-z0-9]{10}$", var.api_id))
    error_message = "api_id is not one."
  }
}

variable "broker_account" {
  type = string
  validation {
    condition     = can(regex("^\\d{12}$", var.broker_account))
    error_message = "broker_account is not one."
  }
}

variable "broker_region" {
  type = string
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-\\d$", var.broker_region))
    error_message = "broker_region is not one."
  }
}

variable "eks_cluster" {
  type = string
  description = "For eks-pod-identity"
  default = "-"
}

variable "eks_namespace" {
  type = string
  description = "For eks-pod-identity"
  default = "-"
}

variable "eks_service_account" {
  type = string
  description = "For eks-pod-identity"
  default = "-"
}

variable "trust_anchor_arn" {
  type = string
  description = "For roles-anywhere: of your own certificate authority"
  default = "-"
}

variable "certificate_name" {
  type = string
  description = "For roles-anywhere: the common name (CN) of the host's certificate"
  default = "-"
}

variable "github_repository" {
  type = string
  description = "For github: <owner>/<repository>"
  default = "-"
}

variable "github_environment" {
  type = string
  description = "For github: a protected environment"
  default = "-"
}

data "aws_iam_policy_document" "call_the_broker" {
  statement {
    sid     = "CallTheBroker"
    effect  = "Allow"
    actions = ["execute-api:Invoke"]
    resources = ["arn:${data.aws_partition.current.partition}:execute-api:${var.broker_region}:${var.broker_account}:${var.api_id}/api/*"]
  }
}

resource "aws_iam_policy" "call_the_broker" {
  name        = "postern-caller"
  description = "Calls Postern, and nothing else; also the boundary of whoever has it"
  policy      = data.aws_iam_policy_document.call_the_broker.json
}

data "aws_iam_policy_document" "ec2_trust" {
  statement {
    sid     = "TheInstance"
    effect  = "Allow"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "ec2" {
  count                = var.host == "ec2" ? 1 : 0
  name                 = "postern-caller-ec2"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.ec2_trust.json
  permissions_boundary = aws_iam_policy.call_the_broker.arn
}

resource "aws_iam_role_policy_attachment" "ec2" {
  count      = var.host == "ec2" ? 1 : 0
  role       = aws_iam_role.ec2[0].name
  policy_arn = aws_iam_policy.call_the_broker.arn
}

data "aws_iam_policy_document" "ecs_trust" {
  statement {
    sid     = "TheTasksOfThisAccount"
    effect  = "Allow"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${data.aws_partition.current.partition}:ecs:${var.region}:${data.aws_caller_identity.current.account_id}:*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "ecs" {
  count                = var.host == "ecs" ? 1 : 0
  name                 = "postern-caller-ecs"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.ecs_trust.json
  permissions_boundary = aws_iam_policy.call_the_broker.arn
}

resource "aws_iam_role_policy_attachment" "ecs" {
  count      = var.host == "ecs" ? 1 : 0
  role       = aws_iam_role.ecs[0].name
  policy_arn = aws_iam_policy.call_the_broker.arn
}

data "aws_iam_policy_document" "lambda_trust" {
  statement {
    sid     = "TheFunction"
    effect  = "Allow"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "lambda" {
  count                = var.host == "lambda" ? 1 : 0
  name                 = "postern-caller-lambda"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.lambda_trust.json
  permissions_boundary = aws_iam_policy.call_the_broker.arn
}

resource "aws_iam_role_policy_attachment" "lambda" {
  count      = var.host == "lambda" ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = aws_iam_policy.call_the_broker.arn
}

data "aws_iam_policy_document" "eks_pod_identity_trust" {
  statement {
    sid     = "ThePodsOfOneServiceAccount"
    effect  = "Allow"
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/eks-cluster-name"
      values   = [var.eks_cluster]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-namespace"
      values   = [var.eks_namespace]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-service-account"
      values   = [var.eks_service_account]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "eks_pod_identity" {
  count                = var.host == "eks-pod-identity" ? 1 : 0
  name                 = "postern-caller-eks-pod-identity"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.eks_pod_identity_trust.json
  permissions_boundary = aws_iam_policy.call_the_broker.arn
}

resource "aws_iam_role_policy_attachment" "eks_pod_identity" {
  count      = var.host == "eks-pod-identity" ? 1 : 0
  role       = aws_iam_role.eks_pod_identity[0].name
  policy_arn = aws_iam_policy.call_the_broker.arn
}

data "aws_iam_policy_document" "roles_anywhere_trust" {
  statement {
    sid     = "OneCertificateOfOneAnchor"
    effect  = "Allow"
    actions = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
    principals {
      type        = "Service"
      identifiers = ["rolesanywhere.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [var.trust_anchor_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/x509Subject/CN"
      values   = [var.certificate_name]
    }
  }
}

resource "aws_iam_role" "roles_anywhere" {
  count                = var.host == "roles-anywhere" ? 1 : 0
  name                 = "postern-caller-roles-anywhere"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.roles_anywhere_trust.json
  permissions_boundary = aws_iam_policy.call_the_broker.arn
}

resource "aws_iam_role_policy_attachment" "roles_anywhere" {
  count      = var.host == "roles-anywhere" ? 1 : 0
  role       = aws_iam_role.roles_anywhere[0].name
  policy_arn = aws_iam_policy.call_the_broker.arn
}

data "aws_iam_policy_document" "github_trust" {
  statement {
    sid     = "OneEnvironmentOfOneRepository"
    effect  = "Allow"
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/token.actions.githubusercontent.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:${var.github_repository}:environment:${var.github_environment}"]
    }
  }
}

resource "aws_iam_role" "github" {
  count                = var.host == "github" ? 1 : 0
  name                 = "postern-caller-github"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.github_trust.json
  permissions_boundary = aws_iam_policy.call_the_broker.arn
}

resource "aws_iam_role_policy_attachment" "github" {
  count      = var.host == "github" ? 1 : 0
  role       = aws_iam_role.github[0].name
  policy_arn = aws_iam_policy.call_the_broker.arn
}

resource "aws_iam_instance_profile" "ec2" {
  count = var.host == "ec2" ? 1 : 0
  name  = "postern-caller"
  role  = aws_iam_role.ec2[0].name
}

resource "aws_rolesanywhere_profile" "roles_anywhere" {
  count            = var.host == "roles-anywhere" ? 1 : 0
  name             = "postern-caller"
  enabled          = true
  duration_seconds = 900
  role_arns        = [aws_iam_role.roles_anywhere[0].arn]
}

resource "aws_iam_user" "last_and_worst" {
  count                = var.host == "iam-user" ? 1 : 0
  name                 = "postern-caller"
  permissions_boundary = aws_iam_policy.call_the_broker.arn
}

resource "aws_iam_user_policy_attachment" "last_and_worst" {
  count      = var.host == "iam-user" ? 1 : 0
  user       = aws_iam_user.last_and_worst[0].name
  policy_arn = aws_iam_policy.call_the_broker.arn
}
