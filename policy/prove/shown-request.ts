import type { ConcreteRequest } from './request/concrete-request.ts';

/** A request that one set of policies allows and another does not. Its texts come from the policies. */
export type ShownRequest = {
  readonly action: string;
  /** An ARN; or `*` where the call is about no resource. */
  readonly resource: string;
  /** `AWS:`, `Service:` or `Federated:` and its name; absent where no policy names principals. */
  readonly principal?: string;
  /** Condition keys, in lower case, that the request has to carry; it carries no other that the policies name. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
};

/** The request as plain data. Keys of several values have a list. */
export function shownRequest(
  { action, resource, principal, context }: ConcreteRequest,
  isOfSeveral: (key: string) => boolean,
): ShownRequest {
  const shown = [...context].map(([key, values]) => {
    const [only = ''] = values;
    return [key, isOfSeveral(key) ? values : only] as const;
  });
  return {
    action,
    resource,
    ...(principal !== undefined && { principal }),
    context: Object.fromEntries(shown),
  };
}
