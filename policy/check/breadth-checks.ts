import { b01Everything } from './breadth/b01-everything.ts';
import { b02WholeService } from './breadth/b02-whole-service.ts';
import { b03AllowNotAction } from './breadth/b03-allow-not-action.ts';
import { b04AllowNotResource } from './breadth/b04-allow-not-resource.ts';
import { b05WriteOnEverything } from './breadth/b05-write-on-everything.ts';
import { b06PermissionsOnEverything } from './breadth/b06-permissions-on-everything.ts';
import { b07ReadDataOnEverything } from './breadth/b07-read-data-on-everything.ts';
import { b08DecryptWithEveryKey } from './breadth/b08-decrypt-with-every-key.ts';
import { b09AssumeEveryRole } from './breadth/b09-assume-every-role.ts';
import { b10PassEveryRole } from './breadth/b10-pass-every-role.ts';
import { b11PassRoleToAnyService } from './breadth/b11-pass-role-to-any-service.ts';
import { b12CreateServiceLinkedRoles } from './breadth/b12-create-service-linked-roles.ts';
import { b13StarInPlace } from './breadth/b13-star-in-place.ts';
import { b14ListOnEverything } from './breadth/b14-list-on-everything.ts';
import type { Check } from './check.ts';

export const breadthChecks: readonly Check[] = [
  b01Everything,
  b02WholeService,
  b03AllowNotAction,
  b04AllowNotResource,
  b05WriteOnEverything,
  b06PermissionsOnEverything,
  b07ReadDataOnEverything,
  b08DecryptWithEveryKey,
  b09AssumeEveryRole,
  b10PassEveryRole,
  b11PassRoleToAnyService,
  b12CreateServiceLinkedRoles,
  b13StarInPlace,
  b14ListOnEverything,
];
