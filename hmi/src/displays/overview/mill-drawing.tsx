import { createMemo, For, type JSX, Show } from 'solid-js';
import type { Quality } from '../../../../server/contract/states.ts';
import { say, t } from '../../i18n/language.ts';
import { alarmOfDevice } from '../../state/alarms.ts';
import { statusOf } from '../../state/live.ts';
import { LOOK_LETTER, stateTagOf, useLook } from '../../state/look.ts';
import { deviceOf } from '../../state/mill.ts';
import { ownerText } from '../../state/owner-text.ts';
import { selectDevice, selectedDevice } from '../../state/selection.ts';
import { PriorityShape } from '../../widgets/priority-mark.tsx';
import { QUALITY_SIGNS } from '../../widgets/value-text.ts';
import { ConnectorSymbol } from './connector-symbol.tsx';
import { placeConnectors } from './connectors.ts';
import type { DisplayPart } from './display-part.ts';
import { useFlowActive } from './flow-activity.ts';
import { type Box, isCrowded, layout } from './geometry.ts';
import { type Pipe, pipes } from './pipes.ts';
import { DeviceSymbol } from './symbols.tsx';
import type { Device } from './view-types.ts';

/** Fingers and gloves: nothing that can be touched is smaller than this, in grid units (40 px). */
const TOUCH_MIN = 36;

/** Drawn over all pipes that stand still, which share headers with it. */
function ActivePipe(props: { pipe: Pipe }): JSX.Element {
  const active = useFlowActive(props.pipe.flow);
  return (
    <Show when={active()}>
      <path class="pipe pipe-active" d={props.pipe.path} />
    </Show>
  );
}

function describe(device: Device, look: string, priority: string | undefined): string {
  const owner = statusOf('device', device.id)?.owner ?? null;
  const parts = [
    `${device.id} ${say(device.text)}`,
    look,
    owner === null ? '' : t('overview.owner', { owner: ownerText(owner) }),
    priority ?? '',
  ];
  return parts.filter((one) => one !== '').join(', ');
}

function Marks(props: { device: Device; box: Box; letter: string; quality: Quality }) {
  const alarm = () => alarmOfDevice(props.device.id);
  const right = () => props.box.w / 2;
  const head = () => -props.box.h / 2;
  const owned = () => (statusOf('device', props.device.id)?.owner ?? null) !== null;
  return (
    <>
      <Show when={props.quality !== 'good'}>
        <text class="mark-quality" x={-right() - 3} y={head() + 4}>
          {QUALITY_SIGNS[props.quality]}
        </text>
      </Show>
      <Show when={props.letter !== ''}>
        <g class="mark-letter" transform={`translate(${-right() - 2} ${head() + 12})`}>
          <rect x="-7" y="-8" width="14" height="14" rx="2" />
          <text y="3.5">{props.letter}</text>
        </g>
      </Show>
      <Show when={owned()}>
        <path class="mark-owned" d={`M${right() - 2} ${head() - 2} h5 v5 z`} />
      </Show>
      <Show when={alarm()}>
        {(one) => (
          <g
            class="mark-alarm"
            classList={{ unacknowledged: one().unacknowledged }}
            transform={`translate(${right() - 8} ${head() - 10}) scale(1.15)`}
          >
            <PriorityShape priority={one().priority} />
          </g>
        )}
      </Show>
    </>
  );
}

function PlacedDevice(props: { device: Device; box: Box; crowded: boolean }): JSX.Element {
  const look = useLook(props.device);
  const touch = () => ({
    w: Math.max(props.box.w + 6, TOUCH_MIN),
    h: Math.max(props.box.h + 6, TOUCH_MIN),
  });
  const open = () => selectDevice(props.device.id);
  const priority = () => {
    const alarm = alarmOfDevice(props.device.id);
    return alarm === undefined ? undefined : t(`priority.${alarm.priority}`);
  };
  return (
    <g
      class={`device look-${look().look} quality-${look().view.quality}`}
      classList={{ selected: selectedDevice() === props.device.id }}
      data-device={props.device.id}
      transform={`translate(${props.box.x} ${props.box.y})`}
      role="button"
      tabindex="0"
      aria-label={describe(props.device, t(`look.${look().look}`), priority())}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        open();
      }}
    >
      <rect
        class="touch"
        x={-touch().w / 2}
        y={-touch().h / 2}
        width={touch().w}
        height={touch().h}
        rx="5"
      />
      <DeviceSymbol
        device={props.device}
        box={props.box}
        look={look().look}
        crowded={props.crowded}
      />
      <Marks
        device={props.device}
        box={props.box}
        letter={LOOK_LETTER[look().look]}
        quality={stateTagOf(props.device) === null ? 'good' : look().view.quality}
      />
    </g>
  );
}

/**
 * One display as a drawing, from the mill definition, with a connector wherever product comes from
 * or goes to another display: level 2 of ISA-101, or level 1 where it holds the whole mill.
 */
export function MillDrawing(props: { part: DisplayPart; title: string }): JSX.Element {
  const boxes = createMemo(() => layout(props.part));
  const lines = createMemo(() => pipes(props.part, boxes(), deviceOf));
  const connectors = createMemo(() => placeConnectors(props.part.connectors, boxes()));
  return (
    <svg class="mill" viewBox="0 0 1600 800" role="group" aria-label={props.title}>
      <defs>
        <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse">
          <path class="hatch-line" d="M0 7 L7 0" />
        </pattern>
      </defs>
      <For each={lines()}>{(pipe) => <path class="pipe" d={pipe.path} />}</For>
      <For each={lines()}>{(pipe) => <ActivePipe pipe={pipe} />}</For>
      <For each={connectors()}>{(placed) => <ConnectorSymbol placed={placed} />}</For>
      <For each={props.part.devices}>
        {(device) => (
          <Show when={boxes().get(device.id)}>
            {(box) => (
              <PlacedDevice
                device={device}
                box={box()}
                crowded={isCrowded(box(), boxes().values())}
              />
            )}
          </Show>
        )}
      </For>
    </svg>
  );
}
