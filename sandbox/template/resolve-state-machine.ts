import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { AslDefinition, StateMachineSpec } from '../states/asl-types.ts';
import type { PresentResource } from './present-resources.ts';
import type { Resolver } from './resolve-values.ts';

const machineSchema = z.object({
  RoleArn: z.string(),
  DefinitionString: z.string().optional(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
});

/** Where a machine's definition is an asset, its metadata says which file of the repository that is. */
const DEFINITION_FILE = 'postern:definition';
const REPOSITORY = new URL('../../', import.meta.url);

/** A state machine with its definition, read from the file that the template deploys, substitutions applied. */
export function stateMachineOf(it: PresentResource, { identityOf }: Resolver): StateMachineSpec {
  const properties = machineSchema.parse(it.properties);
  const { ref: arn, attributes } = identityOf(it.logicalId);
  const source =
    properties.DefinitionString ??
    readFileSync(new URL(String(it.metadata[DEFINITION_FILE]), REPOSITORY), 'utf8');
  return {
    name: attributes.Name ?? '',
    arn,
    roleArn: properties.RoleArn,
    definition: JSON.parse(substitute(source, properties.DefinitionSubstitutions)) as AslDefinition,
  };
}

/** Throws where the definition uses a `${name}` that the template gives no value for. */
function substitute(source: string, values: Record<string, string>): string {
  return source.replace(/\$\{([^}]+)\}/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new Error(`the state machine's definition uses \${${name}}, which has no substitution`);
    return JSON.stringify(value).slice(1, -1);
  });
}
