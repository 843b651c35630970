/** The audit log is not as it was written. */
export class AuditTampered extends Error {
  override readonly name = 'AuditTampered';
}
