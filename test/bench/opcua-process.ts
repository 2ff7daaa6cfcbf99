/** Goal: one process of the OPC UA benchmark: the server, our driver, or a bare client. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UAVariable } from 'node-opcua';
import {
  AttributeIds,
  ClientMonitoredItemGroup,
  DataType,
  OPCUACertificateManager,
  OPCUAClient,
  OPCUAServer,
  TimestampsToReturn,
} from 'node-opcua';
import { createOpcUaDriver } from '../../plc/drivers/opcua/opcua-driver.ts';
import type { TagDefinition } from '../../plc/model/tag.ts';
import { opcUaConnection } from '../support/driver-opcua-field.ts';
import { fieldTag } from '../support/driver-tags.ts';
import { freePorts } from '../support/ports.ts';
import type { Answer, Ask } from './opcua-field.ts';
import {
  BENCH_NAMESPACE,
  FAST_TAGS,
  ITEM_QUEUE,
  identifiers,
  PUBLISHING_INTERVAL_MS,
  SLOW_TAGS,
  TICK_MS,
  TICKS_PER_SLOW_ROUND,
} from './opcua-field.ts';

const GROUP = 1_000;
const pki = mkdtempSync(join(tmpdir(), 'opcua-bench-'));
process.on('exit', () => rmSync(pki, { recursive: true, force: true }));
process.on('disconnect', () => process.exit());

function answer(message: Answer): void {
  process.send?.(message);
}

function hear(act: (ask: Ask) => void): void {
  process.on('message', act);
}

/** Counts since the last mark. */
const seen = { changes: 0, sum: 0 };
let markedCpu = process.cpuUsage();

function count(value: unknown): void {
  seen.changes += 1;
  seen.sum += Number(value);
}

function countOnDemand(): void {
  hear(({ ask }) => {
    if (ask === 'mark') {
      seen.changes = 0;
      seen.sum = 0;
      markedCpu = process.cpuUsage();
    }
    const { user, system } = process.cpuUsage(markedCpu);
    answer({ is: 'changes', ...seen, cpuSeconds: (user + system) / 1e6 });
  });
}

async function serve(): Promise<void> {
  const [port = 0] = await freePorts(1);
  const server = new OPCUAServer({
    port,
    hostname: '127.0.0.1',
    serverCertificateManager: new OPCUACertificateManager({
      rootFolder: pki,
      automaticallyAcceptUnknownCertificate: true,
    }),
  });
  await server.initialize();
  const space = server.engine.addressSpace;
  if (space === null) throw new Error('the server has no address space');
  const namespace = space.registerNamespace(BENCH_NAMESPACE);
  const variables = identifiers().map((name) =>
    namespace.addVariable({
      organizedBy: space.rootFolder.objects,
      browseName: name,
      nodeId: `s=${name}`,
      dataType: DataType.Double,
      minimumSamplingInterval: 0,
    }),
  );
  for (const variable of variables) {
    variable.setValueFromSource({ dataType: DataType.Double, value: 0 });
  }
  await server.start();
  let tick = 0;
  const change = (variable: UAVariable | undefined): void => {
    variable?.setValueFromSource({ dataType: DataType.Double, value: tick });
    count(tick);
  };
  const perTick = SLOW_TAGS / TICKS_PER_SLOW_ROUND;
  const run = (left: number): void => {
    if (left === 0) {
      answer({ is: 'changes', ...seen, cpuSeconds: 0 });
      return;
    }
    // Set before the work and never caught up: two changes of a tag must not fall together.
    setTimeout(() => run(left - 1), TICK_MS);
    tick += 1;
    const from = (tick % TICKS_PER_SLOW_ROUND) * perTick;
    for (let at = from; at < from + perTick; at += 1) change(variables[at]);
    for (let at = SLOW_TAGS; at < SLOW_TAGS + FAST_TAGS; at += 1) change(variables[at]);
  };
  hear((ask) => {
    seen.changes = 0;
    seen.sum = 0;
    if (ask.ask === 'run') run(ask.ticks);
  });
  answer({ is: 'ready', port });
}

function drive(port: number): void {
  const tags: TagDefinition[] = identifiers().map((name) => ({
    ...fieldTag(name, 'double', 'input', {
      kind: 'opcua',
      connection: 'test',
      namespaceUri: BENCH_NAMESPACE,
      identifier: `s=${name}`,
    }),
    everyValue: true,
  }));
  const connection = opcUaConnection(`opc.tcp://127.0.0.1:${port}`, {
    publishingIntervalMs: PUBLISHING_INTERVAL_MS,
  });
  const driver = createOpcUaDriver(
    {
      connection,
      tags,
      sink: {
        samples: (samples) => {
          for (const { value } of samples) if (value.quality === 'good') count(value.value);
        },
        confirm: () => undefined,
        written: () => undefined,
        health: () => undefined,
      },
      clock: {
        nowMs: () => Date.now(),
        setTimer: (callback, delayMs) => {
          const timer = setTimeout(callback, delayMs);
          return { cancel: () => clearTimeout(timer) };
        },
      },
      log: { info: () => undefined, warn: (message, details) => console.error(message, details) },
      speed: 1,
    },
    { random: () => 0.5, pkiFolder: pki },
  );
  countOnDemand();
  driver.start();
}

async function listen(port: number): Promise<void> {
  const client = OPCUAClient.create({
    endpointMustExist: false,
    clientCertificateManager: new OPCUACertificateManager({ rootFolder: pki }),
  });
  await client.connect(`opc.tcp://127.0.0.1:${port}`);
  const session = await client.createSession();
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: PUBLISHING_INTERVAL_MS,
    requestedMaxKeepAliveCount: 5,
    requestedLifetimeCount: 150,
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
    priority: 10,
  });
  countOnDemand();
  const index = (await session.readNamespaceArray()).indexOf(BENCH_NAMESPACE);
  const items = identifiers().map((name) => ({
    nodeId: `ns=${index};s=${name}`,
    attributeId: AttributeIds.Value,
  }));
  for (let from = 0; from < items.length; from += GROUP) {
    const group = ClientMonitoredItemGroup.create(
      subscription,
      items.slice(from, from + GROUP),
      { samplingInterval: 0, queueSize: ITEM_QUEUE, discardOldest: true },
      TimestampsToReturn.Both,
    );
    group.on('changed', (_item, { value }) => count(value.value));
    await new Promise<void>((resolve) => group.on('initialized', resolve));
  }
}

const [, , role, port] = process.argv;
if (role === 'server') await serve();
else if (role === 'driver') drive(Number(port));
else await listen(Number(port));
