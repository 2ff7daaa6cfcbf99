import { join } from 'node:path';
import { overrideConnections } from '../plc/mill/connection-overrides.ts';
import { loadMill } from '../plc/mill/mills/index.ts';
import type { SimulatorConfig } from './config.ts';
import { readConfig } from './config.ts';
import { createControl } from './control-http.ts';
import { readScenario } from './faults/scenario-files.ts';
import { SimulatedField } from './field.ts';
import { FieldJournal } from './field-journal.ts';
import { createState } from './process/index.ts';
import { StateFile } from './state-file.ts';

/** Composition root of the simulator: the only place with a clock and with the environment. */

const TURN_MS = 10;
const SAVE_MS = 2_000;
const SEED = 1;

function say(message: string): void {
  process.stdout.write(`${message}\n`);
}

async function createField(config: SimulatorConfig, file: StateFile): Promise<SimulatedField> {
  const mill = overrideConnections(await loadMill(config.MILL), process.env);
  const restored = file.restore(mill);
  if (typeof restored === 'string') say(`simulator: ${restored}`);
  const state = typeof restored === 'string' ? createState(mill, SEED) : restored;
  state.speed = config.SIM_SPEED;
  const field = new SimulatedField(mill, state, {
    pkiFolder: join(config.DATA_DIR, 'simulator-pki'),
    utcMs: Date.now,
    problem: (message) => say(`simulator: an engineer must act: ${message}`),
  });
  if (config.SIM_SCENARIO !== undefined) {
    field.core.startScenario(config.SIM_SCENARIO, readScenario(config.SIM_SCENARIO));
  }
  return field;
}

async function run(): Promise<void> {
  const config = readConfig(process.env);
  const file = new StateFile(join(config.DATA_DIR, 'simulator.json'));
  const field = await createField(config, file);
  await field.start();
  const journal =
    config.SIM_JOURNAL === undefined ? null : new FieldJournal(config.SIM_JOURNAL, field.core);
  journal?.start(Date.now());
  const control = createControl(field, config.SIM_SPEED);
  await new Promise<void>((resolve, reject) => {
    control.once('error', reject);
    control.listen(config.SIM_PORT, '127.0.0.1', resolve);
  });
  let lastMs = performance.now();
  const timers = [
    setInterval(() => {
      const nowMs = performance.now();
      field.advance(nowMs - lastMs);
      field.publish();
      journal?.passed(Date.now());
      lastMs = nowMs;
    }, TURN_MS),
    setInterval(() => {
      file.save(field.state).catch((error: unknown) => {
        say(`simulator: state cannot be saved, an engineer must free the disk: ${error}`);
      });
    }, SAVE_MS),
  ];
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    for (const timer of timers) clearInterval(timer);
    file.saveNow(field.state);
    control.close();
    control.closeAllConnections();
    await field.stop();
    journal?.stop(Date.now());
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
  say(`simulator ready: mill ${config.MILL}, speed ${config.SIM_SPEED}, port ${config.SIM_PORT}`);
}

try {
  await run();
} catch (error) {
  process.stderr.write(`simulator cannot start: ${explain(error)}\n`);
  process.exit(1);
}

/** An error with its causes, one line. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${explain(error.cause)}`;
}
