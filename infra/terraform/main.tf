# The same stack that `make deploy` makes, from the same template: CloudFormation makes it, Terraform hands it over.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.40"
    }
  }
}

variable "package" {
  description = "Directory that `make package` has filled: target/package of the checkout."
  type        = string
}

variable "stack_name" {
  description = "Name of the CloudFormation stack; names of queues, functions and alarms begin with it."
  type        = string
  default     = "plumbline"
}

locals {
  binaries = toset(["ingest", "router", "sweep"])
  template = "${var.package}/plumbline.template.json"
}

data "aws_s3_bucket" "artifacts" {
  bucket = var.artifacts_bucket
}

# Named by content, as the template names them: what did not change is not deployed again.
resource "aws_s3_object" "code" {
  for_each = local.binaries

  bucket = data.aws_s3_bucket.artifacts.id
  key    = "${var.artifacts_prefix}${each.key}-${filesha256("${var.package}/${each.key}.zip")}.zip"
  source = "${var.package}/${each.key}.zip"

  # A stack that rolls back still finds the code it had.
  lifecycle {
    create_before_destroy = true
  }
}

# Larger than CloudFormation takes in a request.
resource "aws_s3_object" "template" {
  bucket       = data.aws_s3_bucket.artifacts.id
  key          = "${var.artifacts_prefix}template-${filesha256(local.template)}.json"
  source       = local.template
  content_type = "application/json"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudformation_stack" "plumbline" {
  name         = var.stack_name
  template_url = "https://${data.aws_s3_bucket.artifacts.bucket_regional_domain_name}/${aws_s3_object.template.key}"
  capabilities = ["CAPABILITY_IAM"]
  parameters   = local.parameters

  depends_on = [aws_s3_object.code]
}
