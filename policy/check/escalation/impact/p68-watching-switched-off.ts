import { anyOf, type EscalationPath } from '../path.ts';

export const p68: EscalationPath = {
  id: 'P68',
  category: 'impact',
  severity: 'high',
  needs: [
    anyOf(
      'cloudtrail:StopLogging',
      'cloudtrail:DeleteTrail',
      'cloudtrail:UpdateTrail',
      'cloudtrail:PutEventSelectors',
      'cloudtrail:DeleteEventDataStore',
      'cloudtrail:StopEventDataStoreIngestion',
      'guardduty:DeleteDetector',
      'guardduty:UpdateDetector',
      'guardduty:DisassociateFromAdministratorAccount',
      'guardduty:DisassociateFromMasterAccount',
      'guardduty:StopMonitoringMembers',
      'guardduty:DeleteMembers',
      'guardduty:CreateFilter',
      'config:StopConfigurationRecorder',
      'config:DeleteConfigurationRecorder',
      'config:DeleteDeliveryChannel',
      'config:PutConfigurationRecorder',
      'securityhub:DisableSecurityHub',
      'access-analyzer:DeleteAnalyzer',
      'ec2:DeleteFlowLogs',
    ),
  ],
  how: 'What records and warns is switched off before the rest is done.',
};
