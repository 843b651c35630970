import type { OpenOperation, Operation } from '../shared/http/operation.ts';
import { type ServerPorts, serveOperations } from '../shared/http/serve-operations.ts';
import type { AskingPorts } from '../shared/requests/ask-for-access.ts';
import type { ClaimingPorts } from './claim-session.ts';
import { type CancellingPorts, cancelRequest } from './operations/cancel-request.ts';
import { checkHealth } from './operations/check-health.ts';
import { claimCredentials } from './operations/claim-credentials.ts';
import { createCredentials } from './operations/create-credentials.ts';
import { createRequest } from './operations/create-request.ts';
import { endGatewaySession, type GatewayEndingPorts } from './operations/end-gateway-session.ts';
import { getOpenApi } from './operations/get-open-api.ts';
import { getRequest, type ReadingPorts } from './operations/get-request.ts';
import { holdCall } from './operations/hold-call.ts';
import { type CallListingPorts, listGatewayCalls } from './operations/list-gateway-calls.ts';
import { type GatewayListingPorts, listGatewaySessions } from './operations/list-gateway-sessions.ts';
import { type ListingPorts, listRequests } from './operations/list-requests.ts';
import { type DelegatingPorts, openDelegation } from './operations/open-delegation.ts';
import { type ProposingPorts, proposeChange } from './operations/propose-change.ts';
import { enrolPasskey, revokePasskey } from './operations/propose-passkeys.ts';
import { type BreakGlassPorts, listBreakGlass, reviewSession } from './operations/review-session.ts';
import { type EndingPorts, revokeSession } from './operations/revoke-session.ts';
import { readOpenApi } from './read-open-api.ts';

/** What all of its operations need together; each says beside itself what it needs. */
export type FrontDoorPorts = ServerPorts &
  AskingPorts &
  ReadingPorts &
  ListingPorts &
  ClaimingPorts &
  CancellingPorts &
  EndingPorts &
  BreakGlassPorts &
  ProposingPorts &
  DelegatingPorts &
  GatewayListingPorts &
  GatewayEndingPorts &
  CallListingPorts;

/** Every operation the front door serves, in the order the document lists them. */
export const OPERATIONS: readonly (Operation<FrontDoorPorts> | OpenOperation)[] = [
  createRequest,
  listRequests,
  getRequest,
  claimCredentials,
  cancelRequest,
  revokeSession,
  reviewSession,
  listBreakGlass,
  createCredentials,
  proposeChange,
  enrolPasskey,
  revokePasskey,
  openDelegation,
  holdCall,
  listGatewaySessions,
  endGatewaySession,
  listGatewayCalls,
  checkHealth,
  getOpenApi(readOpenApi),
];

/** The front door: who may ask, what they ask, and the handing over. It decides nothing. */
export const makeFrontDoor = (ports: FrontDoorPorts) => serveOperations(OPERATIONS, ports);
