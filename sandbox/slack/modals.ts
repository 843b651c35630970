import { randomBytes } from 'node:crypto';
import { type Modal, modalSchema } from './check-blocks.ts';
import { SlackError } from './slack-error.ts';

/** Milliseconds in which a modal may be opened after a press. @see https://docs.slack.dev/interactivity/handling-user-interaction */
const TRIGGER_LASTS_MS = 3_000;

export type OpenView = {
  readonly id: string;
  readonly hash: string;
  readonly userId: string;
  readonly view: Modal;
  /** What the app said of a field, by block. */
  readonly errors: Readonly<Record<string, string>>;
};

function checkedModal(view: unknown): Modal {
  const parsed = modalSchema.safeParse(view);
  if (parsed.success) return parsed.data;
  throw new SlackError('invalid_arguments');
}

/** The modals of a workspace: one open for each person at most. `changed` hears of each that opens, changes or closes. */
export function makeModals(changed: () => void, now: () => number) {
  const views = new Map<string, OpenView>();
  const triggers = new Map<string, { userId: string; until: number; used: boolean }>();

  /** Uses a trigger up; answers whose it was. */
  function redeem(triggerId: unknown): string {
    const trigger = triggers.get(String(triggerId));
    if (!trigger || trigger.until < now()) throw new SlackError('expired_trigger_id');
    if (trigger.used) throw new SlackError('exchanged_trigger_id');
    trigger.used = true;
    return trigger.userId;
  }

  function show(open: Omit<OpenView, 'hash' | 'errors'>, errors: OpenView['errors'] = {}): OpenView {
    const shown = { ...open, errors, hash: `${now()}.${randomBytes(4).toString('hex')}` };
    views.set(open.userId, shown);
    changed();
    return shown;
  }

  return {
    /** A trigger for a press of this person, good once within three seconds. */
    trigger(userId: string): string {
      for (const [id, { until }] of triggers) if (until < now()) triggers.delete(id);
      const id = `${now()}.${randomBytes(8).toString('hex')}`;
      triggers.set(id, { userId, until: now() + TRIGGER_LASTS_MS, used: false });
      return id;
    },
    openView(triggerId: unknown, view: unknown): OpenView {
      const modal = checkedModal(view);
      return show({
        id: `V0${randomBytes(6).toString('hex').toUpperCase()}`,
        userId: redeem(triggerId),
        view: modal,
      });
    },
    updateView(viewId: unknown, view: unknown, hash?: unknown): OpenView {
      const open = [...views.values()].find(({ id }) => id === viewId);
      if (!open) throw new SlackError('not_found');
      if (hash !== undefined && hash !== open.hash) throw new SlackError('hash_conflict');
      return show({ ...open, view: checkedModal(view) });
    },
    /** The modal this person has open. */
    viewOf: (userId: string): OpenView | undefined => views.get(userId),
    showErrors(userId: string, errors: OpenView['errors']): void {
      const open = views.get(userId);
      if (open) show(open, errors);
    },
    closeView(userId: string): void {
      views.delete(userId);
      changed();
    },
  };
}
