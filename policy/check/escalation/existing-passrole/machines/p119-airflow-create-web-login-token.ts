import { anyOf, type EscalationPath } from '../../path.ts';

export const p119: EscalationPath = {
  id: 'P119',
  category: 'existing-passrole',
  severity: 'high',
  needs: [anyOf('airflow:CreateWebLoginToken', 'airflow:CreateCliToken')],
  how: 'An environment that has a role is opened, and runs what the caller says.',
};
