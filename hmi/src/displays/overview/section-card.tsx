import { A } from '@solidjs/router';
import { createMemo, For, type JSX, Show } from 'solid-js';
import { say, t } from '../../i18n/language.ts';
import { alarmsOfDisplay, type Display } from '../../state/displays.ts';
import { stateTagOf, useLook } from '../../state/look.ts';
import { mill, roleOf } from '../../state/mill.ts';
import { countLooks } from '../../state/section-counts.ts';
import { selectDevice } from '../../state/selection.ts';
import { narrow } from '../../state/viewport.ts';
import { AnalogBar } from '../../widgets/analog-bar.tsx';
import { Lamp } from '../../widgets/lamp.tsx';
import { PriorityMark } from '../../widgets/priority-mark.tsx';
import { TagValue } from '../../widgets/tag-value.tsx';
import { LevelBars } from './level-bars.tsx';
import { levelGroups, type TellingMachine, tellingMachines } from './section-values.ts';
import type { Device } from './view-types.ts';

/** More would not be read at a glance; the section's own display has them all. */
const MACHINES_MAX = 5;

function Count(props: { sign: string; word: string; count: number; wrong?: boolean }): JSX.Element {
  return (
    <Show when={props.count > 0}>
      <span class="section-count" classList={{ 'section-wrong': props.wrong === true }}>
        <b aria-hidden="true">{props.sign}</b> {props.count} {props.word}
      </span>
    </Show>
  );
}

/** How many devices run, and how many do not do what they should: words only for what there is. */
function Counts(props: { devices: readonly Device[] }): JSX.Element {
  const looks = props.devices.filter((one) => stateTagOf(one) !== null).map((one) => useLook(one));
  const counts = createMemo(() =>
    countLooks(
      looks.map((look) => {
        const now = look();
        return { look: now.look, quality: now.view.quality };
      }),
    ),
  );
  return (
    <p class="section-counts">
      <span class="section-count">
        {t('section.running', { count: counts().running, devices: counts().devices })}
      </span>
      <Count sign="!" word={t('section.faulted')} count={counts().faulted} wrong />
      <Count sign="L" word={t('section.away')} count={counts().away} />
      <Count sign="?" word={t('section.notGood')} count={counts().notGood} />
    </p>
  );
}

function SectionAlarm(props: { display: string }): JSX.Element {
  const alarms = () => alarmsOfDisplay(props.display);
  return (
    <Show when={alarms().count > 0}>
      <span class="section-alarm">
        <Show when={alarms().worst}>
          {(worst) => <PriorityMark priority={worst()} calm={alarms().unacknowledged === 0} />}
        </Show>
        <b>{alarms().count}</b>
        <span class="visually-hidden">
          {t('top.alarms')}, {t('alarms.unacked', { count: alarms().unacknowledged })}
        </span>
      </span>
    </Show>
  );
}

/** A machine in a line: what it does, its value within its normal band, and in figures. */
function MachineRow(props: { machine: TellingMachine }): JSX.Element {
  const device = props.machine.device;
  const look = useLook(device);
  const tags = props.machine.roles.flatMap((role) => roleOf(device.id, role) ?? []);
  const measured = tags.find((tag) => tag.states === null && tag.unit !== 'pcs');
  return (
    <li>
      <button
        type="button"
        class="section-machine"
        data-device={device.id}
        aria-label={`${device.id} ${say(device.text)}, ${t(`look.${look().look}`)}`}
        onClick={() => selectDevice(device.id)}
      >
        <Lamp look={look().look} quality={look().view.quality} />
        <span class="section-machine-id">{device.id}</span>
        <Show when={measured} fallback={<span />}>
          {(tag) => <AnalogBar tag={tag().name} />}
        </Show>
        <span class="section-machine-values">
          <For each={tags}>{(tag) => <TagValue tag={tag.name} />}</For>
        </span>
      </button>
    </li>
  );
}

function Body(props: { devices: readonly Device[] }): JSX.Element {
  const machines = () => tellingMachines(props.devices, MACHINES_MAX);
  return (
    <>
      <For each={levelGroups(props.devices)}>{(group) => <LevelBars group={group} />}</For>
      <Show when={machines().length > 0}>
        <ul class="section-machines">
          <For each={machines()}>{(machine) => <MachineRow machine={machine} />}</For>
        </ul>
      </Show>
    </>
  );
}

/** One section of the mill: its few numbers that matter, and where its product goes. */
export function SectionCard(props: {
  display: Display;
  to: readonly Display[];
  /** Whether the next card on the screen is one of those. */
  feedsNext: boolean;
}): JSX.Element {
  const devices = mill().devices.filter((one) => props.display.areas.includes(one.area));
  return (
    <li
      class="section"
      classList={{ 'section-feeds-next': props.feedsNext }}
      data-display={props.display.id}
    >
      <div class="section-head">
        <h2>
          <A class="section-open" href={`/display/${props.display.id}`}>
            {say(props.display.text)}
          </A>
        </h2>
        <SectionAlarm display={props.display.id} />
      </div>
      <Counts devices={devices} />
      <Show when={!narrow()}>
        <Body devices={devices} />
      </Show>
      <Show when={props.to.length > 0}>
        <p class="section-to">
          <span aria-hidden="true">▸</span> <span class="visually-hidden">{t('section.to')}</span>
          {props.to.map((one) => say(one.text)).join(' · ')}
        </p>
      </Show>
    </li>
  );
}
