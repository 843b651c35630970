import { createHash } from 'node:crypto';
import { type HeldCall, heldCallSchema } from '../../../lambdas/shared/domain/calls/held-call.ts';
import { callBytes } from '../../../lambdas/shared/domain/seal.ts';

type Request = {
  readonly requestId: string;
  readonly call: HeldCall;
  status: string;
  updatedAt: Date;
  seal?: { mac: string; expiresAt: string } | undefined;
};

/** What stands for ValidateDecision's key. */
const macOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');
export const sealKey = { verify: async (bytes: Uint8Array, mac: string) => macOf(bytes) === mac };

/** The part of a fake broker that asks people: each request waits until the test decides it. */
export function makeFakePeople() {
  const requests: Request[] = [];
  const byKey = new Map<string, Request>();
  // Never given twice: gateways remember which were used.
  let made = 0;

  function answer({ requestId, status, updatedAt, seal }: Request) {
    return { requestId, status, updatedAt: updatedAt.toISOString(), ...(seal && { seal }) };
  }
  return {
    requests,
    /** Answers an API call about a held call; undefined where it is about none. */
    serve(method: string, path: string, headers: Record<string, unknown>, body: unknown) {
      if (method === 'POST' && path === '/calls') {
        const key = String(headers['idempotency-key']);
        const [sessionId] = String(headers['x-postern-delegation']).split('.');
        const call = heldCallSchema.parse({ ...(body as object), sessionId, accountId: '123456789012' });
        const requestId = `agent1-01KAECA11000000000000000${String(made).padStart(2, '0')}`;
        const found = byKey.get(key) ?? {
          requestId,
          call,
          status: 'AWAITING_APPROVAL',
          updatedAt: new Date(),
        };
        if (!byKey.has(key)) {
          made += 1;
          requests.push(found);
        }
        byKey.set(key, found);
        return answer(found);
      }
      const [, id] = /^\/requests\/(agent1-01KAECA11[^/?]+)/.exec(path) ?? [];
      const found = requests.find(({ requestId }) => requestId === id);
      return found && answer(found);
    },
    /** Decides the newest request, or the one of this place. */
    decide(status: 'ALLOWED' | 'DENIED', more: { place?: number; now?: Date; call?: object } = {}): void {
      const request = requests.at(more.place ?? -1);
      if (!request) throw new Error('nobody was asked');
      const { requestId, call } = request;
      const expiresAt = new Date((more.now ?? new Date()).getTime() + 900_000).toISOString();
      const sealed = { ...call, ...more.call } as HeldCall;
      const mac = macOf(
        callBytes({ requestId, principalId: 'agent1', subject: undefined }, sealed, expiresAt),
      );
      Object.assign(request, {
        status,
        updatedAt: more.now ?? new Date(),
        ...(status === 'ALLOWED' && { seal: { mac, expiresAt } }),
      });
    },
    /** Whoever approved the newest request may approve no more. */
    withhold(): void {
      const request = requests.at(-1);
      if (request) request.seal = undefined;
    },
    reset(): void {
      requests.length = 0;
      byKey.clear();
    },
  };
}
