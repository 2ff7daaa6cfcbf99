/**
 * Goal: the controller's end of the field as it runs in a plant (images, drivers, clock, scan), in
 * a process of its own, so that what it holds open and remembers can be counted. It has no
 * machines: what is written and when is up to the test.
 */
import { join } from 'node:path';
import { OPCUACertificateManager } from 'node-opcua';
import type { WriteResult } from '../../../plc/drivers/driver.ts';
import { createModbusDriver } from '../../../plc/drivers/modbus/modbus-driver.ts';
import { createOpcUaDriver } from '../../../plc/drivers/opcua/opcua-driver.ts';
import type { Clock } from '../../../plc/runtime/clock.ts';
import { realClock } from '../../../plc/runtime/clock.ts';
import type { DriverFactory } from '../../../plc/runtime/field.ts';
import { Field } from '../../../plc/runtime/field.ts';
import { InputImage } from '../../../plc/runtime/input-image.ts';
import { OutputImage } from '../../../plc/runtime/output-image.ts';
import { ScanLoop } from '../../../plc/runtime/scan-loop.ts';
import { TagIndex } from '../../../plc/runtime/tag-index.ts';
import { answerWith, planOf, tell } from './child-side.ts';
import { groupsOf, outageMill } from './outage-mill.ts';
import type { GroupState, PlcAnswers, PlcPlan, Resources } from './told.ts';
import { clockValue } from './told.ts';

/** Results that are kept until the test asks for them. */
const RESULTS_MAX = 1_000;

const plan = planOf<PlcPlan>();
const mill = outageMill(plan.lines);
const index = new TagIndex(mill);
const inputs = new InputImage(index);
let results: WriteResult[] = [];
let oldestGood: Record<string, number> = {};
let clockTimers = 0;
let scanLateMs = 0;

/** The output image, listened to: the test decides what is written, not the image. */
class HeardOutputs extends OutputImage {
  override written(result: WriteResult): void {
    super.written(result);
    if (results.length < RESULTS_MAX) results.push(result);
  }
}

/** The real clock with a count of the timers that are set. */
function countedClock(): Clock {
  const clock = realClock();
  return {
    ...clock,
    setTimer(callback, delayMs) {
      let isSet = true;
      const done = (): void => {
        if (isSet) clockTimers--;
        isSet = false;
      };
      clockTimers++;
      const timer = clock.setTimer(() => {
        done();
        callback();
      }, delayMs);
      return {
        cancel() {
          done();
          timer.cancel();
        },
      };
    },
  };
}

const createDriver: DriverFactory = (context) => {
  const { connection } = context;
  const options = { random: Math.random, pkiFolder: join(plan.dataDir, 'plc-pki') };
  return connection.kind === 'opcua'
    ? createOpcUaDriver({ ...context, connection }, options)
    : createModbusDriver({ ...context, connection }, options);
};

const say =
  (level: string) =>
  (message: string, details?: object): void =>
    tell({ event: 'log', text: `${level} ${message} ${JSON.stringify(details ?? {})}` });
const log = { info: say('info'), warn: say('warn'), error: say('error') };
const clock = countedClock();
const outputs = new HeardOutputs(index, inputs);
const backfill = (): void => undefined;
const field = new Field({ mill, inputs, outputs, clock, log, createDriver, backfill });

const groups = plan.lines.flatMap(groupsOf).map(({ id }) => ({
  id,
  tags: mill.tags.flatMap((tag, at) => (tag.name.startsWith(`${id}.`) ? [at] : [])),
  clock: index.find(`${id}.Clock`) ?? -1,
  state: 'none' as GroupState,
}));

function stateOf(tags: readonly number[]): GroupState {
  const good = tags.filter((tag) => inputs.value(tag).quality === 'good').length;
  if (good === tags.length) return 'all';
  return good === 0 ? 'none' : 'some';
}

/** What a person at a screen sees of each group after a scan. */
function look(): void {
  for (const group of groups) {
    const state = stateOf(group.tags);
    if (state !== group.state) {
      group.state = state;
      tell({ event: 'group', group: group.id, state, atMs: Date.now() });
    }
    const shown = inputs.value(group.clock);
    if (shown.quality !== 'good') continue;
    const ageMs = (clockValue(Date.now(), plan.epochMs) - Number(shown.value)) * 100;
    oldestGood[group.id] = Math.max(oldestGood[group.id] ?? 0, ageMs);
  }
}

function resources(): Resources {
  globalThis.gc?.();
  globalThis.gc?.();
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  const { heapUsed, rss } = process.memoryUsage();
  const lateMs = scanLateMs;
  scanLateMs = 0;
  return { heapBytes: heapUsed, rssBytes: rss, handles, clockTimers, scanLateMs: lateMs };
}

const loop = new ScanLoop(clock, (lateMs) => {
  scanLateMs = Math.max(scanLateMs, lateMs);
  inputs.freeze(clock.realMs());
  look();
});

answerWith<PlcAnswers>({
  write({ connection, tag, value }) {
    field.send(new Map([[connection, [{ tag, value }]]]));
    return null;
  },
  values: () => Object.fromEntries(index.tags.map((tag, at) => [tag.name, inputs.value(at)])),
  results() {
    const taken = results;
    results = [];
    return taken;
  },
  oldestGood() {
    const taken = oldestGood;
    oldestGood = {};
    return taken;
  },
  resources,
  undisposed() {
    try {
      OPCUACertificateManager.checkAllDisposed();
      return null;
    } catch (cause) {
      return String(cause);
    }
  },
  async stop() {
    await field.stop();
    loop.stop();
    return resources();
  },
});
field.start();
loop.start();
tell({ event: 'ready' });
