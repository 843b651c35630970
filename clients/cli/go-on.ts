import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import { PosternError } from '../sdk/postern-error.ts';

/** Follows the request that a command waits for, so that an interrupted one can say how to go on. */
export function followRequest(signal: AbortSignal) {
  let open: string | undefined;
  return {
    see({ requestId }: Pick<RequestView, 'requestId'>): void {
      open = requestId;
    },
    /** An interrupt, with the request that stands; any other error as it is. */
    explain(error: unknown): unknown {
      if (!signal.aborted || error instanceof PosternError) return error;
      const detail = open
        ? `Interrupted. The request still stands: once it is granted, go on with postern claim ${open}, or with this same command.`
        : 'Interrupted, before anything was asked.';
      return new PosternError({ code: 'interrupted', detail, ...(open && { requestId: open }) });
    },
  };
}
