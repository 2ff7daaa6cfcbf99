import { For, type JSX, Show } from 'solid-js';
import type { Look } from '../../state/look.ts';
import { flagWord, KEY_ROLE } from '../../state/look.ts';
import { roleOf } from '../../state/mill.ts';
import { useTag } from '../../state/tags.ts';
import { QUALITY_SIGNS } from '../../widgets/value-text.ts';
import { BinSymbol } from './bin-symbol.tsx';
import type { Box } from './geometry.ts';
import { SvgValue } from './svg-value.tsx';
import type { Device } from './view-types.ts';

/** What a symbol is drawn from; it stands with its centre at 0, 0. */
export interface SymbolProps {
  readonly device: Device;
  readonly box: Box;
  readonly look: Look;
  /** No room at its side: its number stands below. */
  readonly crowded: boolean;
}

function Id(props: { text: string; y: number }): JSX.Element {
  return (
    <text class="svg-id" x="0" y={props.y}>
      {props.text}
    </text>
  );
}

/** The number of a small symbol: at its side, or below where something else stands there. */
function SideId(props: SymbolProps & { y: number; below: number }): JSX.Element {
  return (
    <Show
      when={props.crowded}
      fallback={
        <text class="svg-id svg-id-side" x="18" y={props.y}>
          {props.device.id}
        </text>
      }
    >
      <Id text={props.device.id} y={props.below} />
    </Show>
  );
}

function KeyValue(props: {
  device: Device;
  y: number;
  role?: string;
  size?: number;
  quiet?: boolean;
  fit?: number;
}) {
  const meta = () => roleOf(props.device.id, props.role ?? KEY_ROLE[props.device.type] ?? '');
  return (
    <Show when={meta()}>
      {(tag) => (
        <SvgValue
          tag={tag().name}
          x={0}
          y={props.y}
          size={props.size ?? 11.5}
          quiet={props.quiet ?? false}
          fit={props.fit ?? Number.POSITIVE_INFINITY}
        />
      )}
    </Show>
  );
}

const GLYPHS: Readonly<Record<string, string>> = {
  // A screw, three blades, and the letter-like mark of a plain motor.
  feeder: 'M-9 4 L-5 -4 L-1 4 L3 -4 L7 4 L9 0',
  fan: 'M0 0 C-3 -8 5 -11 5 -5 Z M0 0 C9 1 8 9 3 8 Z M0 0 C-5 7 -12 3 -8 -1 Z',
  pump: 'M-6 -7 L8 0 L-6 7 Z',
  motor: 'M-6 5 V-5 L0 2 L6 -5 V5',
  // A horseshoe, its poles down.
  magnet: 'M-7 7 V-1 A7 7 0 0 1 7 -1 V7 H3 V-1 A3 3 0 0 0 -3 -1 V7 Z',
};

function DriveSymbol(props: SymbolProps): JSX.Element {
  return (
    <>
      <circle class="body" r="14" />
      <path class="glyph" d={GLYPHS[props.device.type] ?? ''} />
      <rect class="label-back" x="-20" y="16.5" width="40" height="12" />
      <Id text={props.device.id} y={26} />
      <KeyValue device={props.device} y={38} quiet />
    </>
  );
}

function ConveyorSymbol(props: SymbolProps): JSX.Element {
  const half = () => props.box.w / 2;
  return (
    <>
      <rect class="body" x={-half()} y="-8" width={props.box.w} height="16" rx="8" />
      <circle class="glyph" cx={-half() + 8} cy="0" r="4" />
      <circle class="glyph" cx={half() - 8} cy="0" r="4" />
      <g transform={`translate(${30 - half()} 0)`}>
        <Id text={props.device.id} y={20} />
        <KeyValue device={props.device} y={32} quiet />
      </g>
    </>
  );
}

function ElevatorSymbol(props: SymbolProps): JSX.Element {
  const half = () => props.box.h / 2;
  return (
    <>
      <rect class="body" x="-10" y={-half()} width="20" height={props.box.h} rx="10" />
      <path
        class="glyph"
        d={`M-4 ${-half() + 12} V${half() - 12} M4 ${-half() + 12} V${half() - 12}`}
      />
      <circle class="glyph" cx="0" cy={-half() + 10} r="4.5" />
      <circle class="glyph" cx="0" cy={half() - 10} r="4.5" />
      <Id text={props.device.id} y={half() + 13} />
      <KeyValue device={props.device} y={half() + 25} quiet />
    </>
  );
}

function GateSymbol(props: SymbolProps): JSX.Element {
  return (
    <>
      <path class="body" d="M-13 -8 L13 8 V-8 L-13 8 Z" />
      <SideId {...props} y={4} below={19} />
    </>
  );
}

function DiverterSymbol(props: SymbolProps): JSX.Element {
  const position = () => roleOf(props.device.id, 'Pos')?.name;
  return (
    <>
      <path class="body" d="M0 -11 L14 11 H-14 Z" />
      <Show when={position()}>{(tag) => <SvgValue tag={tag()} x={0} y={8.5} size={11} />}</Show>
      <SideId {...props} y={-2} below={23} />
    </>
  );
}

function ScaleSymbol(props: SymbolProps): JSX.Element {
  const state = () => roleOf(props.device.id, 'State')?.name;
  const half = () => props.box.w / 2;
  return (
    <g class="boxed">
      <path class="body" d={`M${-half()} -31 H${half()} L${half() - 16} 31 H${-half() + 16} Z`} />
      <Id text={props.device.id} y={-17} />
      <KeyValue device={props.device} y={3} size={16} />
      <Show when={state()}>
        {(tag) => <SvgValue tag={tag()} x={0} y={21} size={11} fit={props.box.w - 34} />}
      </Show>
    </g>
  );
}

/** A process machine as a box: its number, what it does, and one or two values. */
function MachineSymbol(props: SymbolProps & { roles: readonly string[] }): JSX.Element {
  const half = () => props.box.w / 2;
  const high = () => props.box.h / 2;
  return (
    <g class="boxed">
      <rect class="body" x={-half()} y={-high()} width={props.box.w} height={props.box.h} rx="5" />
      <Id text={props.device.id} y={-high() + 13} />
      <For each={props.roles}>
        {(role, index) => (
          <KeyValue
            device={props.device}
            role={role}
            y={-high() + 28 + index() * 15}
            size={12}
            fit={props.box.w - 8}
          />
        )}
      </For>
    </g>
  );
}

const MACHINE_ROLES: Readonly<Record<string, readonly string[]>> = {
  mixer: ['Phase', 'ContentKg'],
  hammerMill: ['State', 'LoadPct'],
  press: ['Phase', 'ConditionerT'],
  cooler: ['ProductT', 'LevelPct'],
  bagger: ['State', 'OrderBags', 'HopperKg'],
  sieve: ['Amps'],
  crumbler: ['GapMm'],
  coater: ['LiquidKgPerH'],
  weighbridge: ['Net'],
  handAdd: ['Net'],
  filter: ['DiffMbar'],
  boiler: ['PressureBar', 'SteamKgPerH'],
  compressor: ['PressureBar'],
  airNet: ['PressureBar'],
  energyMeter: ['kW'],
  temperatureCable: ['MaxT'],
  weatherStation: ['AirT', 'AirHumidityPct'],
  flowMeter: ['FlowKgPerH'],
  doseMeter: ['FlowKgPerH'],
  palletiser: ['State', 'BagsOnPallet'],
  checkweigher: ['LastKg'],
  metalDetector: ['Rejects'],
  loadOut: ['ActualKg'],
};

function ChipSymbol(props: SymbolProps & { flag: string }): JSX.Element {
  const view = useTag(roleOf(props.device.id, props.flag)?.name ?? props.flag);
  return (
    <g class="boxed">
      <rect class="body" x="-39" y="-15" width="78" height="30" rx="4" />
      <text class={`svg-id q-${view().quality}`} x="0" y="-2">
        {props.device.id}
      </text>
      <text class={`svg-value q-${view().quality}`} x="0" y="10" style={{ 'font-size': '10.5px' }}>
        {view().quality === 'good'
          ? flagWord(props.device, view().value)
          : QUALITY_SIGNS[view().quality]}
      </text>
    </g>
  );
}

/** The symbol of a device's type; a type without one of its own is a named box. */
export function DeviceSymbol(props: SymbolProps): JSX.Element {
  switch (props.device.type) {
    case 'motor':
    case 'fan':
    case 'pump':
    case 'feeder':
    case 'magnet':
      return <DriveSymbol {...props} />;
    case 'conveyor':
      return <ConveyorSymbol {...props} />;
    case 'elevator':
      return <ElevatorSymbol {...props} />;
    case 'gate':
    case 'valve':
      return <GateSymbol {...props} />;
    case 'diverter':
    case 'distributor':
      return <DiverterSymbol {...props} />;
    case 'scale':
      return <ScaleSymbol {...props} />;
    case 'bin':
      return <BinSymbol {...props} />;
    case 'safety':
      return <ChipSymbol {...props} flag="EStop" />;
    case 'heartbeat':
      return <ChipSymbol {...props} flag="Safe" />;
    default:
      return <MachineSymbol {...props} roles={MACHINE_ROLES[props.device.type] ?? ['State']} />;
  }
}
