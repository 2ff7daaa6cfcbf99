import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import type { ModbusTransport } from '../../model/connection.ts';

/** A way for bytes to one device or gateway. */
export interface Line {
  write(bytes: Buffer): void;
  /** Ends when nothing of it is left: only then can the same serial port be opened again. */
  close(): Promise<void>;
}

/** What a line tells; nothing more after it was closed or told as lost. */
export interface LineListener {
  opened(): void;
  received(bytes: Buffer): void;
  lost(reason: string): void;
}

/** Begins to open a line; how it goes is told to the listener. */
export function openLine(transport: ModbusTransport, listener: LineListener): Line {
  return transport.kind === 'serial'
    ? openSerial(transport, listener)
    : openTcp(transport.host, transport.port, listener);
}

function openTcp(host: string, port: number, listener: LineListener): Line {
  const socket = new Socket();
  let isOver = false;
  const lost = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    socket.destroy();
    listener.lost(reason);
  };
  socket.setNoDelay(true);
  socket.on('connect', () => listener.opened());
  socket.on('data', (bytes) => {
    if (!isOver) listener.received(bytes);
  });
  socket.on('error', (error) => lost(error.message));
  socket.on('close', () => lost('the server closed the connection'));
  socket.connect(port, host);
  return {
    write: (bytes) => void socket.write(bytes),
    close(): Promise<void> {
      isOver = true;
      socket.destroy();
      return Promise.resolve();
    },
  };
}

type SerialTransport = Extract<ModbusTransport, { kind: 'serial' }>;

/** What is used of the package `serialport`. */
interface SerialPort {
  readonly isOpen: boolean;
  readonly opening: boolean;
  on(event: 'data', listener: (bytes: Buffer) => void): void;
  on(event: 'open', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'close', listener: (error: Error | null) => void): void;
  write(bytes: Buffer): void;
  close(done: () => void): void;
}
interface SerialPortPackage {
  readonly SerialPort: new (options: object) => SerialPort;
}

/**
 * Loaded on first use: a mill without serial lines does not need the native module. It is an
 * optional dependency of modbus-serial, so it is looked for from there.
 */
function loadSerialPort(): SerialPortPackage {
  try {
    const here = createRequire(import.meta.url);
    return createRequire(here.resolve('modbus-serial'))('serialport');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `the package serialport cannot be loaded, so there are no serial lines (${why}); ` +
        'an engineer must install it for this machine',
      { cause },
    );
  }
}

function openSerial(transport: SerialTransport, listener: LineListener): Line {
  let port: SerialPort | null = null;
  let isOver = false;
  const lost = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    void closed(port);
    listener.lost(reason);
  };
  try {
    const { SerialPort } = loadSerialPort();
    const { path, baudRate, parity, stopBits } = transport;
    port = new SerialPort({ path, baudRate, parity, stopBits, dataBits: 8, lock: true });
    port.on('open', () => {
      if (isOver) void closed(port);
      else listener.opened();
    });
    port.on('data', (bytes) => {
      if (!isOver) listener.received(bytes);
    });
    port.on('error', (error) => lost(error.message));
    port.on('close', (error) => lost(error?.message ?? 'the serial port was closed'));
  } catch (cause) {
    // Told later, as every other failure is, so that the caller has its line first.
    queueMicrotask(() => lost(cause instanceof Error ? cause.message : String(cause)));
  }
  return {
    write: (bytes) => port?.write(bytes),
    close(): Promise<void> {
      isOver = true;
      return closed(port);
    },
  };
}

function closed(port: SerialPort | null): Promise<void> {
  return new Promise((resolve) => {
    if (port?.isOpen) port.close(resolve);
    else if (port?.opening) port.on('close', () => resolve());
    else resolve();
  });
}
