# Written by `npm run terraform` from the template: change infra/lib/choices.ts or infra/lib/outputs.ts instead.

variable "artifacts_bucket" {
  description = "S3 bucket of the function packages, in this region. Empty: the bucket of the account's CDK bootstrap, where `cdk deploy` puts them."
  type        = string
}

variable "artifacts_prefix" {
  description = "What stands before the packages' names in that bucket, such as plumbline/."
  type        = string
  default     = ""
}

variable "architecture" {
  description = "Processor the packages were built for."
  type        = string
  default     = "x86_64"
}

variable "config_parameter_name" {
  description = "Name of the SSM parameter with the text of plumbline.toml. The company makes and changes it; no deployment touches it."
  type        = string
  default     = "/plumbline/plumbline.toml"
}

variable "log_level" {
  description = "Level of our own log lines."
  type        = string
  default     = "info"
}

variable "procore_api_url" {
  description = "Replaces Procore's API host, for a gateway of the company's."
  type        = string
  default     = ""
}

variable "procore_login_url" {
  description = "Replaces Procore's login host."
  type        = string
  default     = ""
}

variable "open_ai_base_url" {
  description = "Replaces the model's host."
  type        = string
  default     = ""
}

variable "webhooks_per_second" {
  description = "Requests per second the API lets through; Procore sends the others again."
  type        = number
  default     = 50
}

variable "webhook_burst" {
  description = "Requests the API lets through at once."
  type        = number
  default     = 100
}

variable "ingest_reserved_concurrency" {
  description = "Invocations kept for ingest, whatever else the account runs, and the most it gets. 0 keeps none, which an account with a small limit needs."
  type        = number
  default     = 20
}

variable "router_max_concurrency" {
  description = "Most invocations of each family's router at once."
  type        = number
  default     = 5
}

variable "sweep_every_minutes" {
  description = "Minutes between sweeps for what webhooks did not tell and for days that are over."
  type        = number
  default     = 15
}

variable "log_retention_days" {
  description = "Days log lines are kept."
  type        = number
  default     = 30
}

variable "cache_days" {
  description = "Days what was read from Procore stays in the document cache. The program itself uses nothing older than 30."
  type        = number
  default     = 30
}

variable "customer_key" {
  description = "create: a KMS key of the company's own for queues, table, cache, secret, logs and alarm topic. none: keys of AWS."
  type        = string
  default     = "none"
}

variable "vpc_id" {
  description = "VPC the functions run in. Empty: outside of any."
  type        = string
  default     = ""
}

variable "subnet_ids" {
  description = "Private subnets of that VPC, with a way to Procore, the model and AWS; separated by commas."
  type        = string
  default     = ""
}

variable "egress_prefix_list_id" {
  description = "Prefix list of the addresses the functions may open connections to, in the VPC. Empty: any, on port 443 only."
  type        = string
  default     = ""
}

variable "alarm_topic_arn" {
  description = "SNS topic that alarms go to. Empty: one is made."
  type        = string
  default     = ""
}

variable "otlp_endpoint" {
  description = "OpenTelemetry collector that traces and metrics also go to, by OTLP over HTTP as JSON. Empty: none."
  type        = string
  default     = ""
}

variable "alarm_email" {
  description = "Address that gets the alarms of the topic made here. Empty: nobody is subscribed."
  type        = string
  default     = ""
}

variable "oldest_message_seconds" {
  description = "Age in seconds at which a message that was not finished raises an alarm."
  type        = number
  default     = 3600
}

variable "model_micro_usd_per_day" {
  description = "Millionths of a US dollar within 24 hours for the model, all projects together, above which an alarm is raised."
  type        = number
  default     = 20000000
}

variable "monthly_budget_usd" {
  description = "US dollars a month for the whole AWS account, for an AWS budget that tells the alarm topic. 0: none."
  type        = number
  default     = 0
}
