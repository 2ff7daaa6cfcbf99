import { loadMill } from '../../plc/mill/mills/index.ts';
import { FieldCore } from '../../simulators/field-core.ts';
import type { Row } from './report.ts';

const IDLE_S = 600;
const RUNNING_S = 300;
const WARM_UP_S = 60;

/** Seconds of process with live heartbeats; returns the CPU seconds that they took. */
function cpuSecondsOf(core: FieldCore, beats: readonly string[], seconds: number): number {
  const before = process.cpuUsage();
  for (let second = 0; second < seconds; second++) {
    for (const beat of beats) core.write(beat, second % 65_536);
    // As the simulator does in real time: many short turns.
    for (let turn = 0; turn < 50; turn++) core.step(20);
  }
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
}

/** The physics of the reference mill, without a network: standing, and all of it running. */
export async function simulatorBench(): Promise<Row[]> {
  const mill = await loadMill('reference');
  const core = FieldCore.create(mill, 1);
  const outputs = mill.tags.filter((tag) => tag.direction === 'output');
  const beats = outputs.filter(({ role }) => role === 'Beat').map(({ name }) => name);
  cpuSecondsOf(core, beats, WARM_UP_S);
  const idle = IDLE_S / cpuSecondsOf(core, beats, IDLE_S);
  for (const { name, role, dataType, range } of outputs) {
    if (role !== 'Beat') core.write(name, dataType === 'bool' ? true : range.high);
  }
  cpuSecondsOf(core, beats, WARM_UP_S);
  const running = RUNNING_S / cpuSecondsOf(core, beats, RUNNING_S);
  const what = `simulator, ${mill.id} mill (${mill.devices.length} devices)`;
  const unit = 's/CPU s';
  return [
    { what: `${what}: process time, standing`, value: idle, unit },
    { what: `${what}: process time, all running`, value: running, unit },
  ];
}
