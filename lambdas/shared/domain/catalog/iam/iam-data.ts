import type { ActionRow, ServiceData } from '../../../../../policy/data/service-data.ts';

/** What IAM knows of the services, given by whoever checks a catalog: functions never load it. */
export type IamData = {
  /** Prefixes of all services, as actions begin with them. */
  readonly services: readonly string[];
  serviceOf(prefix: string): ServiceData | undefined;
};

/** A service's own row of an action such as `s3:GetObject`; undefined for an action that does not exist. */
export function actionRow(iam: IamData, action: string): ActionRow | undefined {
  const [prefix = '', name = ''] = action.split(':');
  const actions = iam.serviceOf(prefix)?.actions;
  return actions && Object.hasOwn(actions, name) ? actions[name] : undefined;
}

/** The kinds of resources that an action is about, by the names that IAM gives them. */
export const typesOfAction = (row: ActionRow): string[] => (row[1] ?? []).map(([type]) => type);

/** Whether IAM counts an action as reading: its level is Read or List. */
export const isReading = ([level]: ActionRow): boolean => level === 'R' || level === 'L';

/** Whether calls of an action carry a condition key, which is then safe to rest an Allow on. */
export function carriesKey(iam: IamData, action: string, key: string): boolean {
  const row = actionRow(iam, action);
  const [prefix = ''] = action.split(':');
  const place = iam.serviceOf(prefix)?.keys.indexOf(key) ?? -1;
  return place >= 0 && (row?.[2]?.includes(place) ?? false);
}
