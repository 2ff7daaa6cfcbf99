import { createSignal, For, type JSX, Show } from 'solid-js';
import { say } from '../../i18n/language.ts';
import { mill } from '../../state/mill.ts';
import { DeviceRow } from '../../widgets/device-row.tsx';

/** Longer areas are closed at first, unless alone: what is not shown costs nothing. */
const OPEN_ROWS_MAX = 60;

function AreaList(props: { area: string; text: string; alone: boolean }): JSX.Element {
  const devices = () => mill().devices.filter((one) => one.area === props.area);
  const [open, setOpen] = createSignal(props.alone || devices().length <= OPEN_ROWS_MAX);
  return (
    <details class="area" open={open()} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {props.text} <span class="quiet">{devices().length}</span>
      </summary>
      <Show when={open()}>
        <ul>
          <For each={devices()}>{(device) => <DeviceRow device={device} />}</For>
        </ul>
      </Show>
    </details>
  );
}

/** A display on a phone: its devices by area, each a line. */
export function MillList(props: { areas: readonly string[]; title: string }): JSX.Element {
  const areas = () => mill().areas.filter((one) => props.areas.includes(one.id));
  return (
    <div class="mill-list" role="group" aria-label={props.title}>
      <For each={areas()}>
        {(area) => <AreaList area={area.id} text={say(area.text)} alone={areas().length === 1} />}
      </For>
    </div>
  );
}
