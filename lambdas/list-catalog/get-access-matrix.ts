import type { MatrixGroup } from '../shared/domain/guardrails/matrix-by-group.ts';
import type { Principal } from '../shared/domain/principal.ts';
import { type Operation, operation } from '../shared/http/operation.ts';
import { knownTo, type PeoplePorts } from './list-principals.ts';
import { accessMatrixSchema, getAccessMatrixSpec } from './people-specs.ts';

export type MatrixPorts = PeoplePorts & {
  /** What the guardrails answer these principals, of all resources or of one. */
  readonly matrixOf: (principals: readonly Principal[], resource?: string) => MatrixGroup[];
};

export const getAccessMatrix: Operation<MatrixPorts> = operation({
  ...getAccessMatrixSpec,
  async run({ caller, query }, ports: MatrixPorts) {
    const groups = ports.matrixOf(await knownTo(caller, ports), query.resource);
    return { status: 200, body: accessMatrixSchema.parse({ groups }) };
  },
});
