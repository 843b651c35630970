import { does, type EscalationPath, passRole } from '../../path.ts';

export const p118: EscalationPath = {
  id: 'P118',
  category: 'new-passrole',
  severity: 'high',
  needs: [passRole('airflow', 'airflow-env'), does('airflow:CreateEnvironment')],
  how: 'A new environment runs workflows of the caller with the role.',
};
