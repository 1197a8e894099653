# Written by `npm run terraform` from the template: change infra/lib/choices.ts or infra/lib/outputs.ts instead.

locals {
  parameters = {
    ArtifactsBucket           = var.artifacts_bucket
    ArtifactsPrefix           = var.artifacts_prefix
    Architecture              = var.architecture
    ConfigParameterName       = var.config_parameter_name
    LogLevel                  = var.log_level
    ProcoreApiUrl             = var.procore_api_url
    ProcoreLoginUrl           = var.procore_login_url
    OpenAiBaseUrl             = var.open_ai_base_url
    WebhooksPerSecond         = var.webhooks_per_second
    WebhookBurst              = var.webhook_burst
    IngestReservedConcurrency = var.ingest_reserved_concurrency
    RouterMaxConcurrency      = var.router_max_concurrency
    SweepEveryMinutes         = var.sweep_every_minutes
    LogRetentionDays          = var.log_retention_days
    CacheDays                 = var.cache_days
    CustomerKey               = var.customer_key
    VpcId                     = var.vpc_id
    SubnetIds                 = var.subnet_ids
    EgressPrefixListId        = var.egress_prefix_list_id
    AlarmTopicArn             = var.alarm_topic_arn
    OtlpEndpoint              = var.otlp_endpoint
    AlarmEmail                = var.alarm_email
    OldestMessageSeconds      = var.oldest_message_seconds
    ModelMicroUsdPerDay       = var.model_micro_usd_per_day
    MonthlyBudgetUsd          = var.monthly_budget_usd
  }
}
