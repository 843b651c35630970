/** The group whose members read every request and the audit log, and ask for nothing. */
export const AUDITORS = 'auditors';
