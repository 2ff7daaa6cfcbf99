import { For, type JSX, Show } from 'solid-js';
import { say, t } from '../../i18n/language.ts';
import { alarmOfDevice } from '../../state/alarms.ts';
import { KEY_ROLE, LOOK_LETTER, useLook } from '../../state/look.ts';
import { mill, roleOf } from '../../state/mill.ts';
import { selectDevice } from '../../state/selection.ts';
import { PriorityMark } from '../../widgets/priority-mark.tsx';
import { StateValue } from '../../widgets/state-value.tsx';
import { TagValue } from '../../widgets/tag-value.tsx';
import type { Device } from './view-types.ts';

function DeviceRow(props: { device: Device }): JSX.Element {
  const look = useLook(props.device);
  const key = roleOf(props.device.id, KEY_ROLE[props.device.type] ?? '');
  return (
    <li>
      <button type="button" class="device-row" onClick={() => selectDevice(props.device.id)}>
        <span class={`lamp look-${look().look}`} aria-hidden="true">
          {LOOK_LETTER[look().look]}
        </span>
        <span class="device-row-name">
          <strong>{props.device.id}</strong> {say(props.device.text)}
        </span>
        <Show when={alarmOfDevice(props.device.id)}>
          {(alarm) => <PriorityMark priority={alarm().priority} calm={!alarm().unacknowledged} />}
        </Show>
        <span class="device-row-values">
          <StateValue device={props.device} />
          <Show when={key}>{(tag) => <TagValue tag={tag().name} />}</Show>
        </span>
      </button>
    </li>
  );
}

/** The mill on a phone: its devices by area, each a line. */
export function MillList(): JSX.Element {
  return (
    <div class="mill-list" role="group" aria-label={t('overview.title')}>
      <For each={mill().areas}>
        {(area) => (
          <details class="area" open>
            <summary>{say(area.text)}</summary>
            <ul>
              <For each={mill().devices.filter((one) => one.area === area.id)}>
                {(device) => <DeviceRow device={device} />}
              </For>
            </ul>
          </details>
        )}
      </For>
    </div>
  );
}
