import { openApiDocument } from '../shared/http/open-api-document.ts';
import type { OpenOperation, Operation } from '../shared/http/operation.ts';
import { serveOperations } from '../shared/http/serve-operations.ts';
import { cancelRequest } from './operations/cancel-request.ts';
import { checkHealth } from './operations/check-health.ts';
import { claimCredentials } from './operations/claim-credentials.ts';
import { createCredentials } from './operations/create-credentials.ts';
import { createRequest } from './operations/create-request.ts';
import { getOpenApi } from './operations/get-open-api.ts';
import { getPolicy } from './operations/get-policy.ts';
import { getRequest } from './operations/get-request.ts';
import { listRequests } from './operations/list-requests.ts';
import { proposeChange } from './operations/propose-change.ts';
import { revokeSession } from './operations/revoke-session.ts';
import type { Ports } from './ports.ts';

/** Every operation the front door serves, in the order the document lists them. */
export const OPERATIONS: readonly (Operation<Ports> | OpenOperation)[] = [
  createRequest,
  listRequests,
  getRequest,
  claimCredentials,
  cancelRequest,
  revokeSession,
  createCredentials,
  proposeChange,
  getPolicy,
  checkHealth,
  getOpenApi(() => openApiDocument(OPERATIONS)),
];

/** The front door: who may ask, what they ask, and the handing over. It decides nothing. */
export const makeFrontDoor = (ports: Ports) => serveOperations(OPERATIONS, ports);
