import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';

/**
 * A Modbus TCP device for the benchmark, in a process of its own: units with input registers of
 * which one in 30 changes with each answer, as in a mill of 6,000 tags that is read ten times a
 * second and changes 2,000 times. It answers reads only, and as fast as it can. Its parent is told
 * the port.
 */
const HEADER_LENGTH = 9;
const CHANGING_EVERY = 30;

let answers = 0;

function answer(request: Buffer): Buffer {
  answers = (answers + 1) & 0xffff;
  const start = request.readUInt16BE(8);
  const count = request.readUInt16BE(10);
  const frame = Buffer.allocUnsafe(HEADER_LENGTH + 2 * count);
  request.copy(frame, 0, 0, 8);
  frame.writeUInt16BE(3 + 2 * count, 4);
  frame.writeUInt8(2 * count, 8);
  for (let index = 0; index < count; index++) {
    const word = index % CHANGING_EVERY === 0 ? answers : (start + index) & 0xffff;
    frame.writeUInt16BE(word, HEADER_LENGTH + 2 * index);
  }
  return frame;
}

function serve(socket: Socket): void {
  let received = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    while (received.length >= 12) {
      socket.write(answer(received));
      received = received.subarray(12);
    }
  });
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
