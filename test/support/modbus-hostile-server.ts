/**
 * Goal: a Modbus device whose every value says of itself which register it is and when it was read,
 * behind a line that does what lines and cheap gateways do: answers swapped, cut, doubled, late,
 * garbled.
 */
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { mbapLength, rtuLength, withCrc } from './driver-modbus-server.ts';

/** One request and what the line may do with its answer. */
interface Exchange {
  readonly server: HostileModbusServer;
  readonly socket: Socket;
  readonly request: Buffer;
  /** Unit and PDU of the true answer. */
  readonly truth: Buffer;
  /** Puts unit and PDU into a frame that fits the request. */
  frame(answer: Buffer): Buffer;
  send(bytes: Buffer): void;
}
type Deed = (exchange: Exchange) => void;

/** Time after which the driver has given up on an answer, real ms. */
const LATE_MS = 60;
const EXCEPTION_CODES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x55, 0x80, 0xff];

/** An answer with some of its bytes set otherwise. */
function changed(answer: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(answer);
  copy.writeUInt8(value & 0xff, at);
  return copy;
}

function exception({ server, truth }: Exchange, unitId: number, code: number): Buffer {
  const which = EXCEPTION_CODES[server.draw(EXCEPTION_CODES.length)] ?? 1;
  return Buffer.from([
    unitId,
    code | 0x80,
    which,
    ...(server.draw(8) === 0 ? [truth[0] ?? 0] : []),
  ]);
}

/** The true answer to a read of so many registers more or less. */
function otherLength({ server, request, truth }: Exchange): Buffer {
  const isBits = (request[server.head + 1] ?? 0) < 3;
  const more = (server.draw(2) === 0 ? 1 : -1) * (isBits ? 1 : 2);
  const size = Math.max(0, truth.length - 3 + more);
  const answer = Buffer.alloc(3 + size);
  truth.copy(answer);
  answer.writeUInt8(size, 2);
  return answer;
}

/** Deeds of both kinds of line. */
const COMMON: Readonly<Record<string, Deed>> = {
  'another unit': ({ server, request, frame, send }) =>
    send(frame(server.truthOf(request, { unitId: 3 - server.unitOf(request) }))),
  'another function': ({ server, request, frame, send }) =>
    send(frame(server.truthOf(request, { isOtherFunction: true }))),
  truncated: ({ server, truth, frame, send }) => {
    const whole = frame(truth);
    send(whole.subarray(0, 1 + server.draw(whole.length - 1)));
  },
  'two answers to one request': ({ truth, frame, send }) =>
    send(Buffer.concat([frame(truth), frame(truth)])),
  'an answer with another behind it': ({ server, request, truth, frame, send }) =>
    send(Buffer.concat([frame(truth), frame(server.truthOf(request, { startsAt: 100 }))])),
  'another answer before it': ({ server, request, truth, frame, send }) => {
    const other = server.truthOf(request, { unitId: 3 - server.unitOf(request) });
    send(Buffer.concat([frame(other), frame(truth)]));
  },
  'byte by byte': ({ server, socket, truth, frame }) => server.dribble(socket, frame(truth)),
  'an exception': (one) =>
    one.send(one.frame(exception(one, one.truth[0] ?? 0, one.truth[1] ?? 0))),
  'an exception of another unit': (one) =>
    one.send(one.frame(exception(one, 3 - (one.truth[0] ?? 0), one.truth[1] ?? 0))),
  'an exception of another function': (one) =>
    one.send(one.frame(exception(one, one.truth[0] ?? 0, (one.truth[1] ?? 0) + 1))),
  'a wrong byte count': ({ server, truth, frame, send }) =>
    send(frame(changed(truth, 2, (truth[2] ?? 0) + 1 + server.draw(255)))),
  'more or fewer registers': (one) => one.send(one.frame(otherLength(one))),
  garbage: ({ server, send }) =>
    send(Buffer.from(Array.from({ length: 1 + server.draw(300) }, () => server.draw(256)))),
  'the echo of the request': ({ request, send }) => send(request),
  'closed in the middle': ({ server, socket, truth, frame, send }) => {
    const whole = frame(truth);
    send(whole.subarray(0, server.draw(whole.length)));
    socket.end();
  },
  'closed without a word': ({ socket }) => socket.destroy(),
  silence: () => undefined,
  'after its time-out': ({ server, truth, frame, send }) =>
    server.later(LATE_MS, () => send(frame(truth))),
};

/** What only numbered frames can be told from. */
const TCP_ONLY: Readonly<Record<string, Deed>> = {
  'another transaction': ({ server, truth, frame, send }) => {
    const whole = frame(truth);
    whole.writeUInt16BE((whole.readUInt16BE(0) + 1 + server.draw(65_534)) & 0xffff, 0);
    send(whole);
  },
  'the transaction of 256 requests ago': ({ truth, frame, send }) => {
    const whole = frame(truth);
    whole.writeUInt16BE((whole.readUInt16BE(0) - 256) & 0xffff, 0);
    send(whole);
  },
  'another protocol': ({ truth, frame, send }) => send(changed(frame(truth), 3, 1)),
  'another length': ({ server, truth, frame, send }) => {
    const whole = frame(truth);
    whole.writeUInt16BE(server.draw(2) === 0 ? server.draw(300) : server.draw(65_536), 4);
    send(whole);
  },
  'late, on the next socket': ({ server, truth, frame }) => server.keepForNext(frame(truth)),
  'a second time, later': ({ server, truth, frame, send }) => {
    send(frame(truth));
    server.later(server.draw(8), () => send(frame(truth)));
  },
};

const RTU_ONLY: Readonly<Record<string, Deed>> = {
  'a wrong check sum': ({ server, truth, frame, send }) => {
    const whole = frame(truth);
    const at = server.draw(whole.length);
    send(changed(whole, at, (whole[at] ?? 0) ^ (1 << server.draw(8))));
  },
};

export class HostileModbusServer {
  /** Bytes before the unit of a frame. */
  readonly head: number;
  /** How often it does each deed. */
  readonly done = new Map<string, number>();
  /** Whether it does any. */
  isHostile = false;
  readonly #isRtu: boolean;
  readonly #random: () => number;
  readonly #deeds: readonly (readonly [string, Deed])[];
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #lastRead = new Map<string, number>();
  readonly #kept: Buffer[] = [];
  /** Registers that were written. */
  readonly #stored = new Map<number, number>();
  #server: Server | null = null;
  #generation = 0;

  constructor(kind: 'tcp' | 'rtu-over-tcp', random: () => number) {
    this.#isRtu = kind === 'rtu-over-tcp';
    this.head = this.#isRtu ? 0 : 6;
    this.#random = random;
    this.#deeds = Object.entries({ ...COMMON, ...(this.#isRtu ? RTU_ONLY : TCP_ONLY) });
  }

  get port(): number {
    return (this.#server?.address() as AddressInfo | null)?.port ?? 0;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  get deeds(): string[] {
    return this.#deeds.map(([name]) => name);
  }

  /** A whole number below `below`. */
  draw(below: number): number {
    return Math.floor(this.#random() * below);
  }

  async start(): Promise<void> {
    const server = createServer((socket) => this.#accept(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  /** The generation in which a register or bit was last asked for. */
  lastRead(unitId: number, area: number, register: number): number {
    return this.#lastRead.get(`${unitId}/${area}/${register}`) ?? -1;
  }

  /** What was written to a register, as the device has it. */
  stored(register: number): number | null {
    return this.#stored.get(register) ?? null;
  }

  unitOf(request: Buffer): number {
    return request.readUInt8(this.head);
  }

  later(delayMs: number, deed: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      deed();
    }, delayMs);
    this.#timers.add(timer);
  }

  dribble(socket: Socket, bytes: Buffer): void {
    const [first, ...rest] = bytes;
    if (first === undefined || !socket.writable) return;
    socket.write(Buffer.from([first]));
    setImmediate(() => this.dribble(socket, Buffer.from(rest)));
  }

  keepForNext(frame: Buffer): void {
    this.#kept.push(frame);
    if (this.#kept.length > 4) this.#kept.shift();
  }

  /** Unit and PDU of the true answer to a request, or to one like it. */
  truthOf(
    request: Buffer,
    other: { unitId?: number; isOtherFunction?: boolean; startsAt?: number } = {},
  ): Buffer {
    const asked = request.readUInt8(this.head + 1);
    const code = other.isOtherFunction === true ? [0, 2, 1, 4, 3][asked] : asked;
    const start = other.startsAt ?? request.readUInt16BE(this.head + 2);
    const count = request.readUInt16BE(this.head + 4);
    const unitId = other.unitId ?? this.unitOf(request);
    if (asked === 6 || asked === 16) {
      const answer = Buffer.from(request.subarray(this.head, this.head + 6));
      answer.writeUInt8(unitId, 0);
      answer.writeUInt16BE(start, 2);
      return answer;
    }
    const area = code ?? asked;
    const data =
      area < 3 ? this.#bits(unitId, area, start, count) : this.#words(unitId, area, start, count);
    return Buffer.concat([Buffer.from([unitId, area, data.length]), data]);
  }

  #words(unitId: number, area: number, start: number, count: number): Buffer {
    const data = Buffer.alloc(2 * count);
    for (let i = 0; i < count; i++) {
      const stored = this.#stored.get(start + i);
      if (stored !== undefined) data.writeUInt16BE(stored, 2 * i);
      if (stored !== undefined) continue;
      const value = valueOfPlace(unitId, area, (start + i) & ~1, this.#generation);
      data.writeUInt16BE((start + i) % 2 === 0 ? value >>> 16 : value & 0xffff, 2 * i);
    }
    return data;
  }

  #bits(unitId: number, area: number, start: number, count: number): Buffer {
    const data = Buffer.alloc(Math.ceil(count / 8));
    for (let i = 0; i < count; i++) {
      const bit = bitOfPlace(unitId, area, start + i, this.#generation) ? 1 << (i & 7) : 0;
      data.writeUInt8((data[i >> 3] ?? 0) | bit, i >> 3);
    }
    return data;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      for (;;) {
        const length = this.#isRtu ? rtuLength(received) : mbapLength(received);
        if (length === null || received.length < length) return;
        this.#answer(socket, received.subarray(0, length));
        received = received.subarray(length);
      }
    });
  }

  #answer(socket: Socket, request: Buffer): void {
    this.#generation++;
    const start = request.readUInt16BE(this.head + 2);
    const code = request.readUInt8(this.head + 1);
    if (code === 6) this.#stored.set(start, request.readUInt16BE(this.head + 4));
    for (let i = 0; code === 16 && i < request.readUInt16BE(this.head + 4); i++) {
      this.#stored.set(start + i, request.readUInt16BE(this.head + 7 + 2 * i));
    }
    for (let i = 0; code < 5 && i < request.readUInt16BE(this.head + 4); i++) {
      this.#lastRead.set(`${this.unitOf(request)}/${code}/${start + i}`, this.#generation);
    }
    const exchange: Exchange = {
      server: this,
      socket,
      request,
      truth: this.truthOf(request),
      frame: (answer) => this.#frame(request, answer),
      send: (bytes) => {
        if (socket.writable) socket.write(bytes);
      },
    };
    const kept = this.isHostile && this.draw(3) === 0 ? this.#kept.shift() : undefined;
    if (kept !== undefined) exchange.send(kept);
    const deed =
      this.isHostile && this.draw(2) === 0 ? this.#deeds[this.draw(this.#deeds.length)] : undefined;
    if (deed === undefined) {
      exchange.send(exchange.frame(exchange.truth));
      return;
    }
    this.done.set(deed[0], (this.done.get(deed[0]) ?? 0) + 1);
    deed[1](exchange);
  }

  #frame(request: Buffer, answer: Buffer): Buffer {
    if (this.#isRtu) return withCrc(answer);
    const header = Buffer.from(request.subarray(0, 6));
    header.writeUInt16BE(answer.length, 4);
    return Buffer.concat([header, answer]);
  }
}

/** What two registers hold: eight bits that only this place has, and the generation. */
export function valueOfPlace(
  unitId: number,
  area: number,
  register: number,
  generation: number,
): number {
  const place = ((unitId & 1) << 7) | ((area & 1) << 6) | ((register >> 1) & 0x3f);
  return ((place << 24) | (generation & 0xffffff)) >>> 0;
}

/** What a bit is: told by chance from its place and the generation. */
export function bitOfPlace(unitId: number, area: number, bit: number, generation: number): boolean {
  let hash =
    Math.imul(generation * 64 + unitId * 16 + area, 0x9e37_79b1) ^ Math.imul(bit, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2_ae35);
  return ((hash >>> 13) & 1) === 1;
}
