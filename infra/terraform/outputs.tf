# Written by `npm run terraform` from the template: change infra/lib/choices.ts or infra/lib/outputs.ts instead.

output "webhook_url" {
  description = "Where Procore's hooks post to."
  value       = aws_cloudformation_stack.plumbline.outputs["WebhookUrl"]
}

output "rfi_queue_url" {
  description = "Queue of the family rfi."
  value       = aws_cloudformation_stack.plumbline.outputs["RfiQueueUrl"]
}

output "rfi_dead_letters_url" {
  description = "Dead letters of the family rfi."
  value       = aws_cloudformation_stack.plumbline.outputs["RfiDeadLettersUrl"]
}

output "submittal_queue_url" {
  description = "Queue of the family submittal."
  value       = aws_cloudformation_stack.plumbline.outputs["SubmittalQueueUrl"]
}

output "submittal_dead_letters_url" {
  description = "Dead letters of the family submittal."
  value       = aws_cloudformation_stack.plumbline.outputs["SubmittalDeadLettersUrl"]
}

output "daily_log_queue_url" {
  description = "Queue of the family daily_log."
  value       = aws_cloudformation_stack.plumbline.outputs["DailyLogQueueUrl"]
}

output "daily_log_dead_letters_url" {
  description = "Dead letters of the family daily_log."
  value       = aws_cloudformation_stack.plumbline.outputs["DailyLogDeadLettersUrl"]
}

output "door_dead_letters_url" {
  description = "Webhook bodies that could not be read."
  value       = aws_cloudformation_stack.plumbline.outputs["DoorDeadLettersUrl"]
}

output "table_name" {
  description = "Table of the ledger."
  value       = aws_cloudformation_stack.plumbline.outputs["TableName"]
}

output "cache_bucket" {
  description = "Bucket of what was read from Procore."
  value       = aws_cloudformation_stack.plumbline.outputs["CacheBucket"]
}

output "secret_id" {
  description = "Secret to fill in."
  value       = aws_cloudformation_stack.plumbline.outputs["SecretId"]
}

output "configuration_parameter" {
  description = "SSM parameter with the text of plumbline.toml."
  value       = aws_cloudformation_stack.plumbline.outputs["ConfigurationParameter"]
}

output "alarm_topic" {
  description = "SNS topic of the alarms."
  value       = aws_cloudformation_stack.plumbline.outputs["AlarmTopic"]
}

output "dashboard_name" {
  description = "CloudWatch dashboard."
  value       = aws_cloudformation_stack.plumbline.outputs["DashboardName"]
}

output "operator_policy" {
  description = "Managed policy for whoever uses the plumbline command line."
  value       = aws_cloudformation_stack.plumbline.outputs["OperatorPolicy"]
}

output "operator_environment" {
  description = "Lines to paste before using the plumbline command line."
  value       = aws_cloudformation_stack.plumbline.outputs["OperatorEnvironment"]
}
