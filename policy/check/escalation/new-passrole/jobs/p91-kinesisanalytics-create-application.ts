import { does, type EscalationPath, passRole } from '../../path.ts';

export const p91: EscalationPath = {
  id: 'P91',
  category: 'new-passrole',
  severity: 'high',
  needs: [
    passRole('kinesisanalytics'),
    does('kinesisanalytics:CreateApplication'),
    does('kinesisanalytics:StartApplication'),
  ],
  how: 'A new application runs code of the caller with the role.',
};
