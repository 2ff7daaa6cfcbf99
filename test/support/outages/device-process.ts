/**
 * Goal: one device server as a process of its own, so that it can be frozen, killed and restarted
 * as a controller in a cabinet can. Its clock runs on by itself.
 */
import type { TagScalar } from '../../../plc/model/tag.ts';
import type { FieldServer } from '../../../simulators/servers/image.ts';
import { FieldImage } from '../../../simulators/servers/image.ts';
import { ModbusServer } from '../../../simulators/servers/modbus-server.ts';
import { ModbusUnit } from '../../../simulators/servers/modbus-unit.ts';
import { answerWith, planOf, tell } from './child-side.ts';
import { outageMill, UNITS } from './outage-mill.ts';
import type { DeviceAnswers, DevicePlan } from './told.ts';
import { clockValue } from './told.ts';

const PUBLISH_MS = 50;
const plan = planOf<DevicePlan>();
const mill = outageMill([plan.line]);

/** An image whose clocks are read at the moment of asking, as a device's registers are. */
class DeviceImage extends FieldImage {
  override read(name: string): TagScalar {
    return name.endsWith('.Clock') ? clockValue(Date.now(), plan.epochMs) : super.read(name);
  }
}
const image = new DeviceImage(mill);
image.setInputs(new Map(Object.entries(plan.inputs)));

async function start(): Promise<FieldServer> {
  const [connection] = mill.connections;
  if (connection?.kind === 'modbus') {
    const units = UNITS.map((unitId) => new ModbusUnit(unitId, mill.tags, image));
    const server = new ModbusServer(connection, units);
    await server.start();
    return server;
  }
  if (connection === undefined) throw new Error('the plan has no line');
  const { OpcUaFieldServer } = await import('../../../simulators/servers/opcua-server.ts');
  const before = plan.namespacesBefore;
  const server = new OpcUaFieldServer(connection, mill, image, plan.dataDir, before);
  await server.start();
  setInterval(() => server.publish(), PUBLISH_MS);
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
