import { type ServerPorts, serveOperations } from '../shared/http/serve-operations.ts';
import { type ExecutionPorts, getExecution } from './get-execution.ts';
import { type AuditPorts, listAudit } from './list-audit.ts';
import { listSessions, type SessionPorts } from './list-sessions.ts';
import { type VerificationPorts, verifyAudit } from './verify-audit.ts';

export type RecordPorts = ServerPorts &
  SessionPorts &
  ExecutionPorts &
  AuditPorts &
  VerificationPorts & { readonly requests: SessionPorts['requests'] & ExecutionPorts['requests'] };

/** What auditors read, and of their own everybody: a function that writes nothing. */
export const makeReadRecords = (ports: RecordPorts) =>
  serveOperations<RecordPorts>([listSessions, getExecution, listAudit, verifyAudit], ports);
