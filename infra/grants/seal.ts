import { allow } from './allow.ts';
import type { Grant, Resources } from './grant.ts';

const sealing = ({ keys }: Resources, action: string): Grant => ({
  statements: [allow([action], keys.sealArn)],
  variables: { SEAL_KEY_ID: keys.sealArn },
});

/** Seals a grant, so that it can be minted. */
export const makeSeal = (on: Resources): Grant => sealing(on, 'kms:GenerateMac');

/** Checks that a grant was sealed. */
export const verifySeal = (on: Resources): Grant => sealing(on, 'kms:VerifyMac');
