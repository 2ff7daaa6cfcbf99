import { Dialog } from '@kobalte/core/dialog';
import type { JSX } from 'solid-js';
import { t } from '../i18n/language.ts';

/** A question or form over the display; Escape and the cross leave it without doing anything. */
export function Modal(props: {
  open: boolean;
  title: string;
  onClose: () => void;
  children: JSX.Element;
}): JSX.Element {
  return (
    <Dialog open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay class="modal-overlay" />
        <div class="modal-place">
          <Dialog.Content class="modal">
            <div class="panel-head">
              <Dialog.Title class="panel-title">{props.title}</Dialog.Title>
              <Dialog.CloseButton class="button button-icon" aria-label={t('app.close')}>
                ✕
              </Dialog.CloseButton>
            </div>
            <div class="modal-body">{props.children}</div>
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog>
  );
}

/** Asks before something that cannot be taken back. */
export function Confirm(props: {
  open: boolean;
  title: string;
  text: string;
  action: string;
  onConfirm: () => void;
  onClose: () => void;
}): JSX.Element {
  return (
    <Modal open={props.open} title={props.title} onClose={props.onClose}>
      <p>{props.text}</p>
      <div class="actions">
        <button type="button" class="button" onClick={() => props.onClose()}>
          {t('app.cancel')}
        </button>
        <button
          type="button"
          class="button button-strong"
          onClick={() => {
            props.onClose();
            props.onConfirm();
          }}
        >
          {props.action}
        </button>
      </div>
    </Modal>
  );
}
