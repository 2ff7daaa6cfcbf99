/**
 * Goal: values age by themselves, and outputs are written until the field reads back what was
 * commanded.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { good } from '../../plc/model/tag.ts';
import { InputImage } from '../../plc/runtime/input-image.ts';
import { OutputImage } from '../../plc/runtime/output-image.ts';
import { TagIndex } from '../../plc/runtime/tag-index.ts';

const index = new TagIndex(pilot);
const amps = index.find('EL101.Amps') ?? -1;
const cmd = index.find('EL101.Cmd') ?? -1;
let inputs: InputImage;
let outputs: OutputImage;

beforeEach(() => {
  inputs = new InputImage(index);
  outputs = new OutputImage(index, inputs);
});

function readBack(value: boolean, realMs: number): void {
  inputs.deliver([{ tag: 'EL101.Cmd', value: good(value, realMs) }], realMs);
  outputs.readBackChanged(inputs.freeze(realMs));
}

function sent(realMs: number): unknown {
  const { writes } = outputs.collect(realMs);
  return writes.get('field')?.find((write) => write.tag === 'EL101.Cmd')?.value;
}

describe('an input', () => {
  it('does not change within a scan', () => {
    inputs.deliver([{ tag: 'EL101.Amps', value: good(7, 0) }], 0);
    expect(inputs.value(amps).quality).toBe('bad');
    expect([...inputs.freeze(0)]).toEqual([amps]);
    expect(inputs.value(amps)).toMatchObject({ quality: 'good', value: 7 });
  });

  it('is stale within five seconds of silence and good again when confirmed', () => {
    inputs.deliver([{ tag: 'EL101.Amps', value: good(7, 0) }], 0);
    for (let ms = 0; ms <= 5_000; ms += 100) inputs.freeze(ms);
    expect(inputs.value(amps)).toMatchObject({ quality: 'stale', lastValue: 7 });
    inputs.confirm(['EL101.Amps'], 5_100);
    expect(inputs.freeze(5_100).has(amps)).toBe(true);
    expect(inputs.value(amps)).toMatchObject({ quality: 'good', value: 7 });
  });

  it('that waited longer for a scan than it may be old is stale and never good', () => {
    inputs.freeze(0);
    inputs.deliver([{ tag: 'EL101.Amps', value: good(7, 0) }], 50);
    // The controller's machine stood still for six seconds.
    expect(inputs.freeze(6_050).has(amps)).toBe(true);
    expect(inputs.value(amps)).toMatchObject({ quality: 'stale', lastValue: 7 });
  });

  it('that is heard of just after the controller stood still is not good yet', () => {
    inputs.freeze(0);
    inputs.deliver([{ tag: 'EL101.Amps', value: good(7, 0) }], 6_040);
    inputs.freeze(6_050);
    expect(inputs.value(amps)).toMatchObject({ quality: 'stale', lastValue: 7 });
    inputs.deliver([{ tag: 'EL101.Amps', value: good(8, 0) }], 6_140);
    inputs.freeze(6_150);
    expect(inputs.value(amps)).toMatchObject({ quality: 'stale', lastValue: 8 });
    inputs.confirm(['EL101.Amps'], 7_140);
    inputs.freeze(7_150);
    expect(inputs.value(amps)).toMatchObject({ quality: 'good', value: 8 });
  });

  it('that is confirmed in time stays good and is no change', () => {
    inputs.deliver([{ tag: 'EL101.Amps', value: good(7, 0) }], 0);
    inputs.freeze(0);
    for (let ms = 100; ms <= 20_000; ms += 100) {
      inputs.confirm(['EL101.Amps'], ms);
      expect(inputs.freeze(ms).has(amps)).toBe(false);
    }
    expect(inputs.value(amps).quality).toBe('good');
  });
});

describe('an output', () => {
  it('is not sent while the link is down, and is compared when it comes up', () => {
    outputs.want(cmd, true);
    expect(sent(0)).toBeUndefined();
    outputs.online('field', null, true);
    expect(sent(100)).toBe(true);
  });

  it('is sent once a second until it reads back, then rests', () => {
    outputs.online('field', null, true);
    readBack(false, 0);
    outputs.want(cmd, true);
    expect([sent(0), sent(500), sent(1_000)]).toEqual([true, undefined, true]);
    readBack(true, 1_100);
    outputs.written({ tag: 'EL101.Cmd', value: true, ok: true, error: null });
    expect([sent(1_100), sent(9_000)]).toEqual([undefined, undefined]);
  });

  it('that the field does not follow is told once after two seconds, and its end', () => {
    outputs.online('field', null, true);
    readBack(false, 0);
    outputs.want(cmd, true);
    const told = [0, 1_000, 2_100, 3_200].flatMap((ms) => outputs.collect(ms).differences);
    expect(told).toEqual([{ tag: 'EL101.Cmd', differs: true, error: null }]);
    readBack(true, 4_000);
    outputs.written({ tag: 'EL101.Cmd', value: true, ok: true, error: null });
    expect(outputs.collect(4_000).differences).toMatchObject([{ differs: false }]);
  });

  it('that somebody else changed is set back', () => {
    outputs.online('field', null, true);
    outputs.want(cmd, true);
    sent(0);
    readBack(true, 100);
    outputs.written({ tag: 'EL101.Cmd', value: true, ok: true, error: null });
    sent(100);
    readBack(false, 5_000);
    expect(sent(5_000)).toBe(true);
  });
});
