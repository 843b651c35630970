import type { types } from '@slack/bolt';

/** What a listener needs that answers a press with a modal. */
export type OpenModal = {
  readonly slack: { openModal(triggerId: string, view: types.ModalView): Promise<void> };
};
