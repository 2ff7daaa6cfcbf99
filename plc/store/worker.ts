import { parentPort, workerData } from 'node:worker_threads';
import { StoreDatabase } from './database.ts';
import type { StoreCall, StoreReply, StoreRequest, StoreWorkerData } from './worker-protocol.ts';

/** The store's own thread: the disk may take its time, the scan does not wait for it. */
const { file, limits } = workerData as StoreWorkerData;
const database = new StoreDatabase(file, limits);

function carryOut(call: StoreCall): unknown {
  switch (call.method) {
    case 'open':
      return database.open();
    case 'commit':
      return database.commit(call.group);
    case 'read':
      return database.read(call.afterSequence, call.rowsMax, call.bytesMax);
    case 'acknowledge':
      return database.acknowledge(call.sequence);
    case 'close':
      return database.close();
  }
}

function answer({ id, call }: StoreRequest): StoreReply {
  try {
    return { id, ok: true, result: carryOut(call) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { id, ok: false, name, message };
  }
}

parentPort?.on('message', (request: StoreRequest) => parentPort?.postMessage(answer(request)));
