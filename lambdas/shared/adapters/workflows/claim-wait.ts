import definition from '../../../../statemachines/access-request.asl.json' with { type: 'json' };

/** Seconds that a grant waits for its claim. The state machine alone says how many. */
export const CLAIM_WAIT_SECONDS = definition.States.AwaitClaim.TimeoutSeconds;
