// Goal: on no way through a drive, gate, diverter or cooler is an output energized that must not
// be, is a command left without exactly one answer, or is a state of DOMAIN 3 out of reach.
import { describe, expect, it } from 'vitest';
import type { MachineSpec } from '../../plc/machines/contract.ts';
import { buildControlMachines } from '../../plc/machines/index.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { DIVERTER_STATES, GATE_STATES, MOTOR_STATES } from '../../plc/model/isa88.ts';
import type { TagScalar } from '../../plc/model/tag.ts';
import { isOff, isOn } from '../../plc/model/tag.ts';
import type { Walk, WalkCommand, Walked } from '../support/machine-walk.ts';
import { answers, MachineWalk } from '../support/machine-walk.ts';

const specs = buildControlMachines(pilot);

function specOf(id: string): MachineSpec {
  const spec = specs.find((one) => one.id === id);
  if (spec === undefined) throw new Error(`no machine ${id}`);
  return spec;
}

const ownership: WalkCommand[] = [
  { type: 'ACQUIRE', by: 'ROUTE' },
  { type: 'RELEASE', by: 'ROUTE' },
  { type: 'ACQUIRE', by: 'OTHER' },
  { type: 'RELEASE', by: 'OTHER' },
  { type: 'RESET' },
  { type: 'RESET', by: 'ROUTE' },
  { type: 'OUT_OF_SERVICE', args: { on: true } },
  { type: 'OUT_OF_SERVICE', args: { on: false } },
  { type: 'MODE', args: { mode: 'Manual' } },
  { type: 'MODE', args: { mode: 'SemiAuto' } },
  { type: 'MODE', args: { mode: 'Auto' } },
  { type: 'JOG' },
  { type: 'DANCE' },
];
const drive: WalkCommand[] = [
  { type: 'START' },
  { type: 'START', args: { horn: false }, by: 'ROUTE' },
  { type: 'STOP' },
  { type: 'STOP', by: 'ROUTE' },
  { type: 'SET_HZ', args: { hz: 30 }, by: 'ROUTE' },
  ...ownership,
];
const flags = [false, true];
const mostlyOff = [...Array<boolean>(30).fill(false), true];

const walks: { name: string; walk: Walk; states: readonly string[] }[] = [
  {
    name: 'elevator',
    walk: {
      spec: specOf('EL101'),
      values: {
        RunFb: [false],
        Trip: mostlyOff,
        Local: mostlyOff,
        SpeedPct: [100, 100, 100, 70],
        'EL101.Plug': mostlyOff,
        'EL101.Align': mostlyOff,
        'EL101.BearingT': [...Array<number>(30).fill(30), 85],
        'ES001.EStop': mostlyOff,
      },
      commands: drive,
      plant: (written) => ({ RunFb: written.get('EL101.Cmd') ?? false }),
    },
    states: MOTOR_STATES,
  },
  {
    name: 'feeder',
    walk: {
      spec: specOf('DF401'),
      values: {
        RunFb: [false],
        Trip: mostlyOff,
        Local: mostlyOff,
        Hz: [50, 50, 0],
        'ES001.EStop': mostlyOff,
      },
      commands: drive,
      plant: (written) => ({ RunFb: written.get('DF401.Cmd') ?? false }),
    },
    states: MOTOR_STATES,
  },
  {
    name: 'gate',
    walk: {
      spec: specOf('G601'),
      values: { OpenLS: flags, CloseLS: [true, false] },
      commands: [
        { type: 'OPEN' },
        { type: 'OPEN', by: 'ROUTE' },
        { type: 'CLOSE' },
        { type: 'CLOSE', by: 'ROUTE' },
        ...ownership,
      ],
      plant: (written) => {
        const open = written.get('G601.OpenCmd') === true;
        return { OpenLS: open, CloseLS: !open };
      },
    },
    // A gate has no local switch in this mill.
    states: GATE_STATES.filter((one) => one !== 'LocalOff'),
  },
  {
    name: 'diverter',
    walk: {
      spec: specOf('DS101'),
      values: { Pos: [1, 2, 3], InPos: flags },
      commands: [
        { type: 'POSITION', args: { position: 2 } },
        { type: 'POSITION', args: { position: 3 }, by: 'ROUTE' },
        { type: 'POSITION', args: { position: 9 } },
        { type: 'POSITION' },
        ...ownership,
      ],
    },
    states: DIVERTER_STATES,
  },
  {
    name: 'cooler',
    walk: {
      spec: specOf('CL801'),
      values: {
        LevelPct: [0, 40, 70, 90],
        FanState: [2, 2, 0],
        PressState: [2, 0],
        ExhaustT: [...Array<number>(30).fill(44), 66],
        ProductT: [29, 29, 34],
        AirT: [26],
        DamperShutLS: flags,
      },
      commands: [
        { type: 'START' },
        { type: 'START', by: 'ROUTE' },
        { type: 'STOP' },
        { type: 'STOP', by: 'ROUTE' },
        { type: 'FIRE_OUT' },
        ...ownership,
      ],
    },
    states: ['Off', 'Cooling', 'Discharging', 'Fire'],
  },
];

const SEEDS = [1, 7, 42];
const STEPS = 4_000;

function everyStep(walk: Walk, check: (walked: Walked, seed: number) => void): void {
  for (const seed of SEEDS) {
    const machine = new MachineWalk(walk, seed);
    for (let steps = 0; steps < STEPS; steps += 1) check(machine.step(), seed);
  }
}

describe.each(walks)('a $name on any way through it', ({ walk, states }) => {
  const id = walk.spec.id;

  it('reaches every state it has, and no other', () => {
    const seen = new Set<string>();
    everyStep(walk, ({ state }) => seen.add(state));
    expect([...seen].sort()).toEqual([...states].sort());
  });

  it('answers each command exactly once, one it does not know with a reason', () => {
    const wrong: string[] = [];
    everyStep(walk, (walked, seed) => {
      const given = answers(walked);
      const [first] = given;
      const where = `seed ${seed}: ${walked.event} in ${walked.state}`;
      if (given.length !== (walked.isCommand ? 1 : 0)) wrong.push(`${given.length} at ${where}`);
      if (first?.type === 'refused' && first.reasons.length === 0) wrong.push(`mute at ${where}`);
      const unknown = walked.event === 'DANCE';
      const refusal = first?.type === 'refused' ? first.reasons[0]?.code : null;
      if (unknown && refusal !== 'command.not-in-state') wrong.push(`danced at ${where}`);
    });
    expect(wrong).toEqual([]);
  });

  it('begins without any output energized, and says so', () => {
    const first = new MachineWalk(walk, 1).scan();
    expect([...first.written].filter(([tag, value]) => isHot(tag, value))).toEqual([]);
    expect(first.outputs.length).toBeGreaterThan(0);
  });

  if (walk.spec.reads['Trip'] !== undefined) {
    it('is never energized with a trip, an open interlock or a signal that is not good', () => {
      const wrong: string[] = [];
      let runs = 0;
      everyStep(walk, ({ written, inputs, event }, seed) => {
        if (event !== 'SCAN' || written.get(`${id}.Cmd`) !== true) return;
        runs += 1;
        const must = ['Trip', 'Local', 'ES001.EStop', `${id}.Plug`, `${id}.Align`];
        const open = must.filter((role) => role in inputs && !isOff(inputs[role]));
        if (open.length > 0) wrong.push(`seed ${seed}: ${open.join()}`);
        if (inputs['RunFb']?.quality !== 'good') wrong.push(`seed ${seed}: RunFb`);
      });
      expect(wrong).toEqual([]);
      expect(runs).toBeGreaterThan(100);
    });
  }
});

function isHot(tag: string, value: TagScalar): boolean {
  return /\.(Cmd|OpenCmd|DischargeCmd|HzRef)$/.test(tag) && value !== false && value !== 0;
}

describe('a gate', () => {
  it('closes when its limit switches cannot be trusted', () => {
    const machine = new MachineWalk(walks[2]?.walk as Walk, 1);
    machine.scan({ OpenLS: false, CloseLS: true });
    machine.command({ type: 'MODE', args: { mode: 'Manual' } });
    machine.command({ type: 'OPEN' });
    machine.scan({ OpenLS: true, CloseLS: false });
    expect(isOn(machine.inputs['OpenLS'])).toBe(true);
    expect(machine.written.get('G601.OpenCmd')).toBe(true);
    machine.lose('OpenLS');
    expect(machine.scan().written.get('G601.OpenCmd')).toBe(false);
    expect(machine.state).toBe('Interlocked');
  });
});

describe('the machines of the pilot mill', () => {
  it('write each output tag from one machine only', () => {
    const writer = new Map<string, string>();
    for (const spec of specs) {
      const values = Object.fromEntries(Object.keys(spec.reads).map((role) => [role, [0]]));
      const walk = new MachineWalk({ spec, values, commands: [] }, 1);
      for (const one of walk.scan().outputs) {
        if (one.type !== 'write') continue;
        expect(writer.get(one.tag), one.tag).toBeUndefined();
        writer.set(one.tag, spec.id);
      }
    }
    expect(writer.size).toBeGreaterThan(60);
  });

  it('read only tags that the mill has', () => {
    for (const spec of specs) {
      const unknown = Object.values(spec.reads).filter((tag) => !pilot.tagByName.has(tag));
      expect(unknown, spec.id).toEqual([]);
    }
  });
});
