import { doubt, good } from '../../model/tag.ts';
import type { FieldSample } from '../driver.ts';
import type { BlockReading } from './block-reading.ts';
import { decode, encode, maskInOrder, wordsOf } from './codec.ts';
import { ILLEGAL_FUNCTION } from './exceptions.ts';
import type { PlaceWrite, RegisterWrite, TagWrite } from './pending-writes.ts';
import { spanOf } from './read-plan.ts';
import type { Outcome, UnitRequests, UnitSurroundings } from './unit-requests.ts';

type Area = RegisterWrite['area'];
type Words = readonly number[];

/** What some neighbouring registers or coils shall hold, and the writes that ask for it. */
interface Image {
  readonly area: Area;
  readonly start: number;
  readonly words: Words;
  readonly writes: readonly TagWrite[];
}

/** Writes registers and coils of one unit and reads them back. */
export class UnitWriter {
  readonly #requests: UnitRequests;
  readonly #readings: readonly BlockReading[];
  readonly #around: UnitSurroundings;
  /** Functions 22 and 23, until the unit turns out not to know what its definition promises. */
  #masks: boolean;
  #exchanges: boolean;

  constructor(requests: UnitRequests, readings: readonly BlockReading[], around: UnitSurroundings) {
    const unit = around.context.connection.units[requests.unitId];
    this.#requests = requests;
    this.#readings = readings;
    this.#around = around;
    this.#masks = unit?.maskWrite === true;
    this.#exchanges = unit?.readWrite === true;
  }

  /**
   * Writes neighbours in one request, or one by one where one of them cannot be written or the unit
   * refuses them together; tells what became of each tag's write.
   */
  async send({ area, places }: RegisterWrite): Promise<void> {
    const sound = places.flatMap((place) => this.#sound(place));
    const isWhole = sound.length === places.length && sound.length > 0;
    if (isWhole && (await this.#sendTogether(area, sound))) return;
    for (const place of sound) await this.#sendTogether(area, [place]);
  }

  /** The place with the writes that can be encoded; the others are told as failed. */
  #sound(place: PlaceWrite): PlaceWrite[] {
    const writes = place.writes.filter((one) => {
      const encoded = encode(one.tag.address, one.write.value);
      if ('fault' in encoded) this.#tellWritten([one], encoded.fault);
      return !('fault' in encoded);
    });
    return writes.length === 0 ? [] : [{ ...place, writes }];
  }

  /** False: several places were refused together, and nothing was told yet. */
  async #sendTogether(area: Area, places: readonly PlaceWrite[]): Promise<boolean> {
    const writes = places.flatMap((place) => place.writes);
    const start = places[0]?.register ?? 0;
    const span = places.reduce((sum, place) => sum + place.span, 0);
    const mask = writes.reduce((bits, { tag }) => bits | maskInOrder(tag.address), 0);
    const isBits = area === 'holding' && span === 1 && mask !== 0xffff;
    let back: Outcome<Words> | null = null;
    let image: Image = { area, start, words: folded(start, zeros(span), writes), writes };
    if (isBits && this.#masks) back = await this.#mask(image, mask);
    if (back === null) {
      const known = await this.#known(image);
      if (known.kind === 'answered') {
        image = { ...image, words: folded(start, known.value, writes) };
        back = await this.#write(image);
      } else back = known;
    }
    if (back.kind === 'refused' && back.meaning.retry !== 'next' && places.length > 1) return false;
    if (back.kind === 'answered') this.#tellReadBack(image, back.value);
    else this.#tellWritten(writes, back.error);
    return true;
  }

  /**
   * What the registers hold now, where only bits of them are written: read at once before, because
   * a bit that somebody else changed meanwhile would be written back as it was.
   */
  async #known({ area, start, words, writes }: Image): Promise<Outcome<Words>> {
    const isPartial = writes.some(({ tag }) => maskInOrder(tag.address) !== 0xffff);
    if (area === 'coil' || !isPartial) return { kind: 'answered', value: zeros(words.length) };
    return this.#read(area, start, words.length);
  }

  async #read(area: Area, start: number, count: number): Promise<Outcome<Words>> {
    const { client } = this.#around;
    const outcome = await this.#requests.ask((timeoutMs) =>
      client.read(this.#requests.unitId, area, start, count, timeoutMs),
    );
    if (outcome.kind !== 'answered') return outcome;
    return { kind: 'answered', value: wordsIn(area, outcome.value, count) };
  }

  /** Writes and reads back, in one request where the unit offers it. */
  async #write({ area, start, words }: Image): Promise<Outcome<Words>> {
    const { client } = this.#around;
    const { unitId } = this.#requests;
    this.#forgetTold(area);
    if (area === 'holding' && this.#exchanges) {
      const outcome = await this.#requests.ask((timeoutMs) =>
        client.exchange(unitId, start, words, timeoutMs),
      );
      if (outcome.kind === 'answered') return { kind: 'answered', value: wordsOf(outcome.value) };
      if (!isUnknownFunction(outcome)) return outcome;
      this.#exchanges = false;
      this.#warnUnknown('readWrite (function 23)');
    }
    const sent = await this.#requests.ask((timeoutMs) =>
      area === 'coil'
        ? client.writeCoils(unitId, start, words.map(Boolean), timeoutMs)
        : client.writeRegisters(unitId, start, words, timeoutMs),
    );
    return sent.kind === 'answered' ? this.#readBack(area, start, words.length) : sent;
  }

  /** Writes only the bits of the mask; null where the unit turns out not to know how. */
  async #mask({ area, start, words }: Image, mask: number): Promise<Outcome<Words> | null> {
    const { client } = this.#around;
    this.#forgetTold(area);
    const sent = await this.#requests.ask((timeoutMs) =>
      client.maskRegister(this.#requests.unitId, start, mask, words[0] ?? 0, timeoutMs),
    );
    if (sent.kind === 'answered') return this.#readBack(area, start, 1);
    if (!isUnknownFunction(sent)) return sent;
    this.#masks = false;
    this.#warnUnknown('maskWrite (function 22)');
    return null;
  }

  async #readBack(area: Area, start: number, count: number): Promise<Outcome<Words>> {
    const back = await this.#read(area, start, count);
    return back.kind === 'answered' ? back : { ...back, error: `not read back: ${back.error}` };
  }

  /** Tells the values that were found, and of each write whether it is what was wanted. */
  #tellReadBack({ start, words, writes }: Image, back: Words): void {
    const { context, values } = this.#around;
    const nowMs = context.clock.nowMs();
    const samples: FieldSample[] = [];
    const errors: (string | null)[] = [];
    for (const { tag } of writes) {
      const at = tag.address.register - start;
      const end = at + spanOf(tag.address);
      const found = decode(tag.address, back.slice(at, end));
      const wanted = decode(tag.address, words.slice(at, end));
      const value = found === null ? doubt(values.last(tag.name), 'bad') : good(found, nowMs);
      samples.push({ tag: tag.name, value });
      errors.push(Object.is(wanted, found) ? null : `read back ${found}`);
    }
    values.tellChanges(samples, nowMs);
    for (const [index, one] of writes.entries()) this.#tellWritten([one], errors[index] ?? null);
  }

  #tellWritten(writes: readonly TagWrite[], error: string | null): void {
    for (const { write } of writes) {
      this.#around.context.sink.written({ ...write, ok: error === null, error });
    }
  }

  /** The next answer is compared with nothing: what was told of the registers may have changed. */
  #forgetTold(area: Area): void {
    for (const reading of this.#readings) {
      if (reading.whole.block.area === area) reading.forgetTold();
    }
  }

  #warnUnknown(promised: string): void {
    const { connection, log } = this.#around.context;
    log.warn('a Modbus unit does not know what the mill definition promises; mend its unit', {
      connection: connection.id,
      unitId: this.#requests.unitId,
      promised,
    });
  }
}

function isUnknownFunction(outcome: Outcome<unknown>): boolean {
  return outcome.kind === 'refused' && outcome.meaning.code === ILLEGAL_FUNCTION;
}

function zeros(count: number): Words {
  return Array.from({ length: count }, () => 0);
}

/** The registers with all writes in them; the bits that nobody writes stay as they were. */
function folded(start: number, known: Words, writes: readonly TagWrite[]): Words {
  const words = [...known];
  for (const { tag, write } of writes) {
    const at = tag.address.register - start;
    const encoded = encode(tag.address, write.value, words[at]);
    if ('words' in encoded) words.splice(at, encoded.words.length, ...encoded.words);
  }
  return words;
}

/** Registers of an answer, or its coils as 0 and 1. */
function wordsIn(area: Area, bytes: Buffer, count: number): Words {
  if (area === 'holding') return wordsOf(bytes);
  return Array.from({ length: count }, (_, at) => ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1);
}
