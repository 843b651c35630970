import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Place } from '../find-place.ts';
import { NotReady } from '../not-ready.ts';

const identifiedSchema = z.strictObject({ typeName: z.string(), identifier: z.string() });
const planSchema = z.strictObject({
  account: z.string(),
  region: z.string(),
  /** What is still to be removed. */
  removed: z.array(identifiedSchema),
  /** What stays. */
  staying: z.array(identifiedSchema),
});

/** What a teardown is to remove, written down before the first removal: once the stack is gone, nothing else lists it. */
export type TeardownPlan = z.infer<typeof planSchema>;

/** The plan of a deployment's teardown, in a file of the folder that the command is run in. */
export function makePlanFile({ account, region }: Place, folder = '.') {
  const name = `postern-teardown-${account}-${region}.json`;
  const file = join(folder, name);
  return {
    file: name,
    /** The plan of a run that did not finish; undefined where there is none. Throws NotReady where it is not one. */
    read(): TeardownPlan | undefined {
      if (!existsSync(file)) return undefined;
      const plan = planSchema.safeParse(jsonOf(readFileSync(file, 'utf8')));
      if (!plan.success || plan.data.account !== account || plan.data.region !== region)
        throw new NotReady(`${file} is not the plan of this account's teardown: remove it, and begin anew`);
      return plan.data;
    },
    write: (plan: TeardownPlan): void => writeFileSync(file, `${JSON.stringify(plan, null, 2)}\n`),
    clear: (): void => rmSync(file, { force: true }),
  };
}
export type PlanFile = ReturnType<typeof makePlanFile>;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
