/**
 * Goal: whatever a line does with the answers, a value told as good is the one that the device had
 * for that register when it was last asked; the driver never throws, it always recovers, and a
 * write told as done is what the device holds.
 */
import { describe, expect, it, onTestFailed } from 'vitest';
import type { DriverClock, DriverSink } from '../../plc/drivers/driver.ts';
import { createModbusDriver } from '../../plc/drivers/modbus/modbus-driver.ts';
import type { TagDefinition, TagValue } from '../../plc/model/tag.ts';
import { uniform } from '../../simulators/process/chance.ts';
import { countingClock } from '../support/driver-clock.ts';
import { modbusConnection } from '../support/driver-modbus-field.ts';
import { fieldTag, modbusAddress } from '../support/driver-tags.ts';
import { bitOfPlace, HostileModbusServer, valueOfPlace } from '../support/modbus-hostile-server.ts';
import { until } from '../support/until.ts';

/** The same seed plays the same deeds; how they meet the driver's timing is up to the machine. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 41);
const ROUNDS = 400;
/** Deeds between two checks that the driver recovers. */
const ROUNDS_PER_BOUT = 40;
/** How many times faster than real the driver's time runs: its time-outs are waited for often. */
const HASTE = 10;

/** Two neighbours, written together, and one by itself. */
const OUTPUTS = [200, 201, 210];
const AREA_CODES = { coil: 1, discrete: 2, holding: 3, input: 4 } as const;

/**
 * Places whose requests look alike, so that answers could be swapped: two blocks of one size, the
 * same registers of two areas and of two units; and coils where the request has the form of the
 * answer (a byte count of 3 in the address).
 */
function tagsOf(): TagDefinition[] {
  const words = ([1, 2] as const).flatMap((unitId) =>
    (['input', 'holding'] as const).flatMap((area) =>
      [0, 2, 4, 14, 100, 102, 114].map((register) => ({ unitId, area, register })),
    ),
  );
  const bits = [0, 1, 7, 8, 19].flatMap((at) =>
    (['coil', 'discrete'] as const).map((area) => ({ unitId: 1, area, register: 0x300 + at })),
  );
  const outputs = OUTPUTS.map((register) =>
    fieldTag(`W${register}`, 'uint16', 'output', modbusAddress({ area: 'holding', register })),
  );
  const inputs = [
    ...words.map((place) => ({ ...place, encoding: 'uint32' as const })),
    ...bits.map((place) => ({ ...place, encoding: 'bool' as const })),
  ].map((place) => {
    const name = `${place.unitId}/${place.area}/${place.register}`;
    const dataType = place.encoding === 'bool' ? 'bool' : 'uint32';
    return fieldTag(name, dataType, 'input', modbusAddress(place));
  });
  return [...inputs, ...outputs];
}

/** A sink that holds every good value against what the device had. */
class Witness implements DriverSink {
  readonly values = new Map<string, TagValue>();
  readonly lies: string[] = [];
  readonly #server: HostileModbusServer;
  readonly #tags: ReadonlyMap<string, TagDefinition>;
  checked = 0;
  writes = 0;
  confirmedWrites = 0;

  constructor(server: HostileModbusServer, tags: readonly TagDefinition[]) {
    this.#server = server;
    this.#tags = new Map(tags.map((tag) => [tag.name, tag]));
  }

  samples: DriverSink['samples'] = (samples) => {
    for (const { tag, value } of samples) {
      this.values.set(tag, value);
      this.#check(tag);
    }
  };

  confirm: DriverSink['confirm'] = (tags) => {
    for (const tag of tags) this.#check(tag);
  };

  written: DriverSink['written'] = ({ tag, value, ok }) => {
    this.writes++;
    if (!ok) return;
    this.confirmedWrites++;
    const had = this.#server.stored(Number(tag.slice(1)));
    if (had !== value) this.lies.push(`${tag} told as written ${value}, was ${had}`);
  };
  health: DriverSink['health'] = () => undefined;

  allGood(): boolean {
    return [...this.#tags.keys()].every((name) => this.values.get(name)?.quality === 'good');
  }

  #check(name: string): void {
    const told = this.values.get(name);
    const address = this.#tags.get(name)?.address;
    if (told?.quality !== 'good' || address?.kind !== 'modbus') return;
    this.checked++;
    const { unitId, area, register, encoding } = address;
    const code = AREA_CODES[area];
    const generation = this.#server.lastRead(unitId, code, register);
    const had = encoding === 'bool' ? bitOfPlace : valueOfPlace;
    const truth = name.startsWith('W')
      ? (this.#server.stored(register) ?? told.value)
      : had(unitId, code, register, generation);
    if (told.value !== truth && this.lies.length < 20) {
      this.lies.push(`${name} told as ${told.value}, was ${truth} in generation ${generation}`);
    }
  }
}

/** Time that runs faster, so that hundreds of time-outs are soon over. */
function hasteful(clock: DriverClock): DriverClock {
  const startMs = Date.now();
  return {
    nowMs: () => startMs + performance.now() * HASTE,
    setTimer: (callback, delayMs) => clock.setTimer(callback, delayMs / HASTE),
  };
}

describe.each(['tcp', 'rtu-over-tcp'] as const)('a line of Modbus %s', (kind) => {
  it('may do anything to the answers, and no value is wrong', { timeout: 120_000 }, async () => {
    const chance = { seed: SEED };
    const random = () => uniform(chance);
    const server = new HostileModbusServer(kind, random);
    await server.start();
    onTestFailed(() => console.error(`FUZZ_SEED=${SEED} plays this again`));
    const tags = tagsOf();
    const told = new Witness(server, tags);
    const timers = countingClock();
    const driver = createModbusDriver(
      {
        connection: {
          ...modbusConnection(server.port),
          transport: { kind, host: '127.0.0.1', port: server.port },
          timeoutMs: 300,
        },
        tags,
        sink: told,
        clock: hasteful(timers),
        log: { info: () => undefined, warn: () => undefined },
        speed: 1,
      },
      { random },
    );
    const done = () => [...server.done.values()].reduce((sum, count) => sum + count, 0);
    let written = 0;
    try {
      driver.start();
      await until('first values', () => told.allGood(), { withinMs: 5_000, everyMs: 5 });
      for (let round = ROUNDS_PER_BOUT; round <= ROUNDS; round += ROUNDS_PER_BOUT) {
        server.isHostile = true;
        const write = () => {
          written++;
          driver.write(OUTPUTS.map((register) => ({ tag: `W${register}`, value: written })));
          return done() >= round;
        };
        await until(`${round} deeds`, write, { everyMs: 5 });
        server.isHostile = false;
        // Refused requests are tried again within a minute of the driver's time.
        await until('recovery', () => told.allGood(), { withinMs: 10_000, everyMs: 5 });
        expect(told.lies).toEqual([]);
      }
    } finally {
      await driver.stop();
      await server.stop();
    }
    expect(told.checked).toBeGreaterThan(1_000);
    expect(told.confirmedWrites).toBeGreaterThan(20);
    expect(told.writes).toBeGreaterThan(told.confirmedWrites);
    expect([...server.done.keys()].sort()).toEqual([...server.deeds].sort());
    expect(timers.pendingTimers).toBe(0);
  });
});
