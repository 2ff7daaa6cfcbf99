import { Dialog } from '@kobalte/core/dialog';
import { type JSX, Show } from 'solid-js';
import { say, t } from '../i18n/language.ts';
import { type Device, deviceOf } from '../state/mill.ts';
import { selectDevice, selectedDevice } from '../state/selection.ts';
import { narrow } from '../state/viewport.ts';
import { FaceplateAlarms } from './alarms.tsx';
import { FaceplateCommands } from './commands.tsx';
import { Conditions } from './conditions.tsx';
import { Content } from './content.tsx';
import { FaceplateState } from './state.tsx';
import { FaceplateValues } from './values.tsx';

function FaceplateBody(props: { device: Device }): JSX.Element {
  return (
    <div class="face-body">
      <FaceplateState device={props.device} />
      <FaceplateAlarms device={props.device} />
      <FaceplateCommands device={props.device} />
      <Content device={props.device} />
      <FaceplateValues device={props.device} />
      <Conditions device={props.device} />
    </div>
  );
}

/**
 * Level 3: everything of one device, beside the display it was opened from. The mill stays in
 * sight and
 * can be used; another device replaces this one.
 */
export function Faceplate(): JSX.Element {
  const device = () => {
    const id = selectedDevice();
    return id === null ? undefined : deviceOf(id);
  };
  return (
    <Dialog
      open={device() !== undefined}
      modal={narrow()}
      onOpenChange={(open) => !open && selectDevice(null)}
    >
      <Dialog.Portal>
        <Dialog.Content class="face" onInteractOutside={(event) => event.preventDefault()}>
          <Show when={device()} keyed>
            {(one) => (
              <>
                <div class="panel-head">
                  <Dialog.Title class="panel-title">
                    {one.id} <span class="panel-sub">{say(one.text)}</span>
                  </Dialog.Title>
                  <Dialog.CloseButton class="button button-icon" aria-label={t('app.close')}>
                    ✕
                  </Dialog.CloseButton>
                </div>
                <FaceplateBody device={one} />
              </>
            )}
          </Show>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog>
  );
}
