import { type JSX, Show } from 'solid-js';
import { say } from '../i18n/language.ts';
import { alarmOfDevice } from '../state/alarms.ts';
import { KEY_ROLE, stateTagOf, useLook } from '../state/look.ts';
import { type Device, roleOf } from '../state/mill.ts';
import { selectDevice } from '../state/selection.ts';
import { Lamp } from './lamp.tsx';
import { PriorityMark } from './priority-mark.tsx';
import { StateValue } from './state-value.tsx';
import { TagValue } from './tag-value.tsx';

/** A device in one line: what it does, its worst alarm and its key value; opens its faceplate. */
export function DeviceRow(props: { device: Device }): JSX.Element {
  const look = useLook(props.device);
  const key = roleOf(props.device.id, KEY_ROLE[props.device.type] ?? '');
  return (
    <li>
      <button type="button" class="device-row" onClick={() => selectDevice(props.device.id)}>
        <Show
          when={stateTagOf(props.device)}
          fallback={<span class="lamp-none" aria-hidden="true" />}
        >
          <Lamp look={look().look} quality={look().view.quality} />
        </Show>
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
