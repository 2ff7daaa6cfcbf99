/** The device does not know the function. */
export const ILLEGAL_FUNCTION = 0x01;

/** What an exception means for the tags of the request and for the next one. */
export interface ExceptionMeaning {
  readonly code: number;
  /** In words, for engineers. */
  readonly text: string;
  /**
   * - `bad`: the values are not known.
   * - `keep`: the device is only busy; the last values stand until their own age makes them stale.
   */
  readonly tags: 'bad' | 'keep';
  /**
   * - `split`: one of the registers is not there; the halves are asked by themselves.
   * - `seldom`: the same request will hardly fare better soon.
   * - `next`: asked again with the next scan.
   */
  readonly retry: 'split' | 'seldom' | 'next';
  /** A gateway speaks for a unit that does not answer. */
  readonly unitIsSilent: boolean;
}

const KNOWN: Readonly<Record<number, Omit<Partial<ExceptionMeaning>, 'code'> & { text: string }>> =
  {
    [ILLEGAL_FUNCTION]: { text: 'it does not know this function', retry: 'seldom' },
    2: { text: 'it has no such register', retry: 'split' },
    3: { text: 'it does not take such a request', retry: 'split' },
    4: { text: 'it has failed' },
    5: { text: 'it has begun and needs more time', tags: 'keep' },
    6: { text: 'it is busy', tags: 'keep' },
    8: { text: 'its memory has a parity error' },
    10: { text: 'the gateway has no way to it', unitIsSilent: true },
    11: { text: 'it does not answer its gateway', unitIsSilent: true },
  };

/** What an exception code means (Modbus Application Protocol 1.1b3, 7); an unknown one: refused. */
export function meaningOf(code: number): ExceptionMeaning {
  const known = KNOWN[code] ?? { text: 'it refuses for a reason of its own', retry: 'seldom' };
  const hex = code.toString(16).padStart(2, '0').toUpperCase();
  return {
    code,
    tags: 'bad',
    retry: 'next',
    unitIsSilent: false,
    ...known,
    text: `exception ${hex}: ${known.text}`,
  };
}

/** The device answered with an exception: it lives, but refuses. */
export class ModbusRefusal extends Error {
  override readonly name = 'ModbusRefusal';
  readonly meaning: ExceptionMeaning;

  constructor(code: number) {
    const meaning = meaningOf(code);
    super(meaning.text);
    this.meaning = meaning;
  }
}
