import { Dialog } from '@kobalte/core/dialog';
import { type JSX, Show } from 'solid-js';
import { say, t } from '../i18n/language.ts';
import { type Device, deviceOf, mill } from '../state/mill.ts';
import { closeFaceplate, selectedDevice, selectedRoute } from '../state/selection.ts';
import { narrow } from '../state/viewport.ts';
import { FaceplateAlarms } from './alarms.tsx';
import { FaceplateCommands } from './commands.tsx';
import { Conditions } from './conditions.tsx';
import { Content } from './content.tsx';
import { DosingPoints } from './dosing-points.tsx';
import { FinishedBin } from './finished-bin.tsx';
import { LoadOut } from './load-out.tsx';
import { FaceplateModule } from './module.tsx';
import { RouteBody } from './route.tsx';
import { FaceplateState } from './state.tsx';
import { FaceplateValues } from './values.tsx';
import { WhyPanel } from './why.tsx';

function FaceplateBody(props: { device: Device }): JSX.Element {
  return (
    <div class="face-body">
      <FaceplateState device={props.device} />
      <WhyPanel id={props.device.id} />
      <FaceplateModule device={props.device} />
      <FaceplateAlarms device={props.device} />
      <FaceplateCommands device={props.device} />
      <FinishedBin device={props.device} />
      <DosingPoints device={props.device} />
      <LoadOut device={props.device} />
      <Content device={props.device} />
      <FaceplateValues device={props.device} />
      <Conditions device={props.device} />
    </div>
  );
}

function Head(props: { id: string; text: string }): JSX.Element {
  return (
    <div class="panel-head">
      <Dialog.Title class="panel-title">
        {props.id} <span class="panel-sub">{props.text}</span>
      </Dialog.Title>
      <Dialog.CloseButton class="button button-icon" aria-label={t('app.close')}>
        ✕
      </Dialog.CloseButton>
    </div>
  );
}

/**
 * Level 3: everything of one device or route, beside the display it was opened from. The mill
 * stays in sight and can be used; another device or route replaces this one.
 */
export function Faceplate(): JSX.Element {
  const device = () => deviceOf(selectedDevice() ?? '');
  const route = () => mill().routes.find((one) => one.id === selectedRoute());
  return (
    <Dialog
      open={device() !== undefined || route() !== undefined}
      modal={narrow()}
      onOpenChange={(open) => !open && closeFaceplate()}
    >
      <Dialog.Portal>
        <Dialog.Content class="face" onInteractOutside={(event) => event.preventDefault()}>
          <Show when={device()} keyed>
            {(one) => (
              <>
                <Head id={one.id} text={say(one.text)} />
                <FaceplateBody device={one} />
              </>
            )}
          </Show>
          <Show when={route()} keyed>
            {(one) => (
              <>
                <Head id={one.id} text={say(one.text)} />
                <RouteBody route={one} />
              </>
            )}
          </Show>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog>
  );
}
