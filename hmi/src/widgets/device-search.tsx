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

/** What was found, or that nothing was. `idOf` names an option for the box that points at it. */
function FoundList(props: {
  id: string;
  open: boolean;
  found: readonly Device[];
  chosen: number;
  idOf: (at: number) => string;
  onChoose: (device: Device) => void;
}): JSX.Element {
  return (
    <div
      id={props.id}
      role="listbox"
      class="device-found"
      hidden={!props.open}
      aria-label={t('search.label')}
    >
      <For
        each={props.found}
        fallback={
          <div role="option" tabIndex={-1} aria-selected="false" aria-disabled="true">
            {t('search.nothing')}
          </div>
        }
      >
        {(device, at) => (
          <Found
            device={device}
            id={props.idOf(at())}
            chosen={at() === props.chosen}
            onChoose={() => props.onChoose(device)}
          />
        )}
      </For>
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
  const idOf = (at: number) => `${list}-${at}`;
  const type = (text: string) => {
    setTyped(text);
    setChosen(0);
  };
  const choose = (device: Device | undefined) => {
    if (device === undefined) return;
    type('');
    selectDevice(device.id);
  };
  const move = (by: number) =>
    setChosen((at) => Math.max(0, Math.min(found().length - 1, at + by)));
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') choose(found()[chosen()]);
    else if (event.key === 'Escape') type('');
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
        aria-activedescendant={found().length > 0 ? idOf(chosen()) : undefined}
        placeholder={t('search.hint')}
        value={typed()}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={onKey}
        onBlur={() => type('')}
      />
      <FoundList
        id={list}
        open={open()}
        found={found()}
        chosen={chosen()}
        idOf={idOf}
        onChoose={choose}
      />
    </search>
  );
}
