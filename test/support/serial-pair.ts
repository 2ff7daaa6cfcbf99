/**
 * Goal: a serial line between two programs: a pair of real pseudo-terminals, joined by a small
 * Python program, because Node cannot make one itself.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const JOIN = `
import os, pty, select, tty
ends = [pty.openpty() for _ in range(2)]
for _, slave in ends:
    tty.setraw(slave)
print(*[os.ttyname(slave) for _, slave in ends], flush=True)
masters = [master for master, _ in ends]
while True:
    ready, _, _ = select.select(masters, [], [])
    for master in ready:
        os.write(masters[1 - masters.index(master)], os.read(master, 4096))
`;

/** Whether this machine can make one. */
export const canPair = spawnSync('python3', ['-c', 'import pty']).status === 0;

/** Two serial ports: what is written to one can be read from the other. */
export class SerialPair {
  readonly near: string;
  readonly far: string;
  readonly #process: ChildProcess;

  constructor(near: string, far: string, process: ChildProcess) {
    this.near = near;
    this.far = far;
    this.#process = process;
  }

  static async open(): Promise<SerialPair> {
    const process = spawn('python3', ['-c', JOIN], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface({ input: process.stdout }), 'line');
    const [near = '', far = ''] = String(line).split(' ');
    return new SerialPair(near, far, process);
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }
}
