/**
 * Goal: one device server as a process of its own, so that it can be frozen, killed and restarted
 * as a controller in a cabinet can. Its clock runs on by itself.
 */
import type { FieldServer } from '../../../simulators/servers/image.ts';
import { FieldImage } from '../../../simulators/servers/image.ts';
import type { WordArea } from '../../../simulators/servers/modbus-pdu.ts';
import { ModbusServer } from '../../../simulators/servers/modbus-server.ts';
import { ModbusUnit } from '../../../simulators/servers/modbus-unit.ts';
import { answerWith, planOf, tell } from './child-side.ts';
import { outageMill, UNITS } from './outage-mill.ts';
import type { DeviceAnswers, DevicePlan } from './told.ts';
import { clockValue } from './told.ts';

const PUBLISH_MS = 50;
const plan = planOf<DevicePlan>();
const mill = outageMill([plan.line]);

const image = new FieldImage(mill);
image.setInputs(new Map(Object.entries(plan.inputs)));
const clocks = mill.tags.map(({ name }) => name).filter((name) => name.endsWith('.Clock'));

function setClocks(): void {
  const value = clockValue(Date.now(), plan.epochMs);
  for (const name of clocks) image.setInput(name, value);
}

/** A unit whose clock is read at the moment of asking, as a device's registers are. */
class ClockedUnit extends ModbusUnit {
  override readWords(area: WordArea, address: number, quantity: number): number[] {
    setClocks();
    return super.readWords(area, address, quantity);
  }
}

async function start(): Promise<FieldServer> {
  const [connection] = mill.connections;
  if (connection?.kind === 'modbus') {
    const units = UNITS.map((unitId) => new ClockedUnit(unitId, mill.tags, image));
    const server = new ModbusServer(connection, units);
    await server.start();
    return server;
  }
  if (connection === undefined) throw new Error('the plan has no line');
  const { OpcUaFieldServer } = await import('../../../simulators/servers/opcua-server.ts');
  const server = new OpcUaFieldServer(connection, mill, image, {
    pkiFolder: plan.dataDir,
    utcMs: () => Date.now(),
    namespacesBefore: plan.namespacesBefore,
  });
  await server.start();
  setInterval(() => {
    setClocks();
    server.publish();
  }, PUBLISH_MS);
  return server;
}

const server = await start();
answerWith<DeviceAnswers>({
  set(values) {
    image.setInputs(new Map(Object.entries(values)));
    return null;
  },
  outputs: () => Object.fromEntries(image.outputs),
  failUnit({ unitId, failure }) {
    if (server instanceof ModbusServer) server.failUnit(unitId, failure);
    return null;
  },
});
process.once('SIGTERM', () => {
  server.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
tell({ event: 'ready' });
