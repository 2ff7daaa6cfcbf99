/** Goal: the machine chooses the silo of a truck (DOMAIN 4, Intake): right material, room, lots. */
import { describe, expect, it } from 'vitest';
import type { SiloState } from '../../plc/logic/silo-choice.ts';
import { chooseSilo } from '../../plc/logic/silo-choice.ts';

function silo(bin: string, more: Partial<SiloState> = {}): SiloState {
  const plain = { material: 'MAIZE', roomKg: 500_000, contentKg: 1_000_000 };
  return { bin, ...plain, high: false, hot: false, ...more };
}

describe('the silo of a truck', () => {
  it('is one of its material, and none when there is none', () => {
    const silos = [silo('SI1', { material: 'SBM' }), silo('SI2')];
    expect(chooseSilo(silos, 'MAIZE', 30_000)).toEqual({ first: 'SI2', second: null });
    expect(chooseSilo(silos, 'WHEAT', 30_000)).toEqual({ first: null, second: null });
  });

  it('has room for the whole load, with a second destination at high level', () => {
    const silos = [silo('SI1', { roomKg: 10_000, contentKg: 2_000_000 }), silo('SI2'), silo('SI3')];
    expect(chooseSilo(silos, 'MAIZE', 30_000)).toEqual({ first: 'SI2', second: 'SI3' });
  });

  it('is the fullest that takes it, so that lots lie in few silos', () => {
    const silos = [silo('SI1', { contentKg: 0 }), silo('SI2', { contentKg: 1_500_000 })];
    expect(chooseSilo(silos, 'MAIZE', 30_000).first).toBe('SI2');
  });

  it('is never high, warm, or of a level that cannot be trusted', () => {
    const silos = [
      silo('SI1', { high: true }),
      silo('SI2', { hot: true }),
      silo('SI3', { roomKg: null }),
    ];
    expect(chooseSilo(silos, 'MAIZE', 30_000)).toEqual({ first: null, second: null });
  });
});
