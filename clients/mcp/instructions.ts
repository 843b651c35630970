/** What the server tells a model in its hello: how its tools go together. */
export const INSTRUCTIONS = `Postern gives access to AWS for one job at a time. You hold no credentials, and need none.

1. request_access: say in plain language what the job is and on which data. It answers within seconds with a requestId and a status.
2. READY: make the calls with run_aws and that requestId. AWAITING_APPROVAL: people were asked, which may take minutes; go on with something else, then look with check_access. Asking again for the same job goes on with the same request and does not hurry anybody.
3. DENIED: the answer says why. Tell the user; ask again only with a reason that is more exact, and never with one that is not true.

list_requests finds the ids of what you asked for; list_catalog says what could be granted. A session can do what was granted and nothing else, for 15 minutes to an hour: an AccessDeniedException means that this job was not part of the request.`;
