import type { Check, FormCheck } from './check.ts';
import { g01NotJson } from './grammar/g01-not-json.ts';
import { g02NoVersion } from './grammar/g02-no-version.ts';
import { g02UnknownVersion } from './grammar/g02-unknown-version.ts';
import { g03OldVersion } from './grammar/g03-old-version.ts';
import { g04UnknownElement } from './grammar/g04-unknown-element.ts';
import { g05Effect } from './grammar/g05-effect.ts';
import { g06ActionOnce } from './grammar/g06-action-once.ts';
import { g07ResourceOnce } from './grammar/g07-resource-once.ts';
import { g08EmptyList } from './grammar/g08-empty-list.ts';
import { g09DuplicateSid } from './grammar/g09-duplicate-sid.ts';
import { g10SidCharacters } from './grammar/g10-sid-characters.ts';
import { g11ElementOfAnotherType } from './grammar/g11-element-of-another-type.ts';
import { g12Size } from './grammar/g12-size.ts';
import { g13DuplicateKey } from './grammar/g13-duplicate-key.ts';

export const grammarFormChecks: readonly FormCheck[] = [
  g01NotJson,
  g02UnknownVersion,
  g04UnknownElement,
  g05Effect,
  g06ActionOnce,
  g07ResourceOnce,
  g08EmptyList,
  g09DuplicateSid,
  g10SidCharacters,
  g11ElementOfAnotherType,
  g13DuplicateKey,
];

export const grammarChecks: readonly Check[] = [g02NoVersion, g03OldVersion, g12Size];
