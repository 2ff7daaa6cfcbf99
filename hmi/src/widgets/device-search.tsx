import { createMemo, createSignal, createUniqueId, For, type JSX, Show } from 'solid-js';
import { say, t } from '../i18n/language.ts';
import { alarmOfDevice } from '../state/alarms.ts';
import { searchDevices, searchIndex } from '../state/device-search.ts';
import { type Device, mill } from '../state/mill.ts';
import { selectDevice } from '../state/selection.ts';
import { PriorityMark } from './priority-mark.tsx';

const FOUND_MAX = 12;

function areaText(device: Device): string {
  const area = mill().areas.find((one) => one.id === device.area);
  return area === undefined ? '' : say(area.text);
}

/** One device that was found. The pointer must not take the focus from the box. */
function Found(props: { device: Device; id: string; chosen: boolean; onChoose: () => void }) {
  return (
    <div
      id={props.id}
      role="option"
      tabIndex={-1}
      aria-selected={props.chosen}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => props.onChoose()}
      onKeyDown={(event) => event.key === 'Enter' && props.onChoose()}
    >
      <b>{props.device.id}</b> <span>{say(props.device.text)}</span>{' '}
      <span class="quiet">{areaText(props.device)}</span>
      <Show when={alarmOfDevice(props.device.id)}>
        {(alarm) => <PriorityMark priority={alarm().priority} calm={!alarm().unacknowledged} />}
      </Show>
    </div>
  );
}

/** Finds any device by its number or name, in either language and without marks. */
export function DeviceSearch(): JSX.Element {
  const list = createUniqueId();
  const [typed, setTyped] = createSignal('');
  const [chosen, setChosen] = createSignal(0);
  const index = createMemo(() => searchIndex(mill()));
  const found = createMemo(() => searchDevices(index(), typed(), FOUND_MAX));
  const open = () => typed().trim() !== '';
  const optionId = (at: number) => `${list}-${at}`;
  const clear = () => {
    setTyped('');
    setChosen(0);
  };
  const choose = (device: Device | undefined) => {
    if (device === undefined) return;
    clear();
    selectDevice(device.id);
  };
  const move = (by: number) =>
    setChosen((at) => Math.min(found().length - 1, Math.max(0, at + by)));
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') choose(found()[chosen()]);
    else if (event.key === 'Escape') clear();
    else if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else return;
    event.preventDefault();
  };
  return (
    <search class="device-search">
      <input
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-label={t('search.label')}
        aria-expanded={open()}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={found().length > 0 ? optionId(chosen()) : undefined}
        placeholder={t('search.hint')}
        value={typed()}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKey}
        onBlur={clear}
      />
      <div
        id={list}
        role="listbox"
        class="device-found"
        hidden={!open()}
        aria-label={t('search.label')}
      >
        <For
          each={found()}
          fallback={
            <div role="option" tabIndex={-1} aria-selected="false" aria-disabled="true">
              {t('search.nothing')}
            </div>
          }
        >
          {(device, at) => (
            <Found
              device={device}
              id={optionId(at())}
              chosen={at() === chosen()}
              onChoose={() => choose(device)}
            />
          )}
        </For>
      </div>
    </search>
  );
}
