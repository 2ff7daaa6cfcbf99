import { bookKg, toMilligram } from '../../logic/layers.ts';
import { readLabel } from '../../logic/lot-label.ts';
import { drugReasons, lotReasons } from '../../logic/lot-register.ts';
import { sackReasons } from '../../logic/sack-check.ts';
import { LOTS_ID } from '../../model/lots.ts';
import type { Reason } from '../../model/reason.ts';
import { reason } from '../../model/reason.ts';
import type { MachineEvent } from '../kit.ts';
import { ACCEPTED, invalidArg, numberArg, send, senderOf, textArg } from '../kit.ts';
import type { StockContext } from './stock.context.ts';
import type { StockTurn } from './stock.turn.ts';
import { binOf, bringIn, move, moveFromStore, way } from './stock.turn.ts';

function unknownBin(context: StockContext, event: MachineEvent): Reason[] {
  const bin = textArg(event, 'bin');
  if (bin !== null && context.made.bins[bin] !== undefined) return [];
  return [bin === null ? invalidArg('bin') : reason('stock.unknown-bin', { bin })];
}

/**
 * Why this lot may not be filled into that bin: its label, quarantine, expiry, a drug that two
 * persons must bring, rests of a drug. Whoever brings a lot into the store brings it to be looked
 * at.
 */
function lotRefusals(context: StockContext, event: MachineEvent, lot: string): Reason[] {
  const { made, news } = context;
  const bin = textArg(event, 'bin') ?? '';
  const by = senderOf(event);
  if (bin === made.store || by?.kind !== 'person') return [];
  const material = textArg(event, 'material') ?? made.bins[bin]?.material ?? '';
  const drug = made.drugs.includes(material);
  const facts = news.lots[lot];
  const written = textArg(event, 'label');
  const second = textArg(event, 'second');
  const label = written === null ? null : readLabel(written);
  const other = label !== null && label.lot !== lot ? [invalidArg('lot')] : [];
  const known =
    written === null
      ? [
          ...(drug ? [reason('lot.drug-needs-label', { material })] : []),
          ...lotReasons(facts, event.utcMs),
          ...(facts === undefined ? [] : drugReasons(made.carryOver, facts, null)),
        ]
      : sackReasons(made.carryOver, { label, material, drug, facts, next: null }, event.utcMs);
  const alone = drug && (second === null || second === by.id);
  return [...other, ...known, ...(alone ? [reason('lot.drug-needs-two', { material })] : [])];
}

/** Why a receipt is refused: unknown bin, no mass, another material, or a lot that must not be. */
export function receiptRefusals(context: StockContext, event: MachineEvent): Reason[] {
  const [bin, lot, kg] = [textArg(event, 'bin'), textArg(event, 'lot'), numberArg(event, 'kg')];
  const material = textArg(event, 'material');
  const meant = context.made.bins[bin ?? '']?.material ?? null;
  const other = meant !== null && material !== null && meant !== material;
  return [
    ...unknownBin(context, event),
    ...(lot === null ? [invalidArg('lot')] : []),
    ...(kg === null || kg <= 0 ? [invalidArg('kg')] : []),
    ...(other ? [reason('stock.other-material', { bin: bin ?? '', meant, material })] : []),
    ...(lot === null ? [] : lotRefusals(context, event, lot)),
  ];
}

/** The store has sacks of this lot: what is brought to a bin comes from there. */
function isStored({ context }: StockTurn, lot: string | null, material: string | null): boolean {
  const portions = context.bins[context.made.store]?.book.layers.flat() ?? [];
  return portions.some((one) => one.lot === lot && one.material === material);
}

/** What its label says of a lot goes into the register. */
function noteLabel(turn: StockTurn, event: MachineEvent): void {
  const label = readLabel(textArg(event, 'label') ?? '');
  if (label === null) return;
  const { lot, material, expiryTimeMs } = label;
  turn.out.push(send(LOTS_ID, 'NOTE', { lot, material, expiryTimeMs }));
}

/** A person fills a bin by hand, or tips bags: the bin has that lot from now on. */
export function receive(turn: StockTurn, event: MachineEvent): void {
  const bin = textArg(event, 'bin') ?? '';
  const entries = turn.context.entries + 1;
  turn.context = { ...turn.context, entries };
  const of = way({
    cause: 'receipt',
    causeId: `receipt/${event.utcMs}/${entries}`,
    from: null,
    to: bin,
    by: textArg(event, 'by') ?? senderOf(event)?.id ?? null,
  });
  const lot = textArg(event, 'lot');
  const material = textArg(event, 'material') ?? turn.context.made.bins[bin]?.material ?? null;
  const portion = { lot, material, kg: toMilligram(numberArg(event, 'kg') ?? 0) };
  if (bin !== turn.context.made.store && isStored(turn, lot, material)) {
    moveFromStore(turn, of, portion);
  } else bringIn(turn, of, [portion]);
  noteLabel(turn, event);
  turn.out.push(ACCEPTED);
}

/** Why a correction is refused: unknown bin, a mass that cannot be, or no reason given. */
export function correctionRefusals(context: StockContext, event: MachineEvent): Reason[] {
  const kg = numberArg(event, 'kg');
  const bin = textArg(event, 'bin') ?? '';
  const isStore = bin === context.made.store;
  const capacityKg = isStore ? Infinity : (context.made.bins[bin]?.capacityKg ?? Infinity);
  const impossible = kg === null || kg < 0 || kg > capacityKg * 1.1;
  const unnamed = isStore && textArg(event, 'lot') === null;
  return [
    ...unknownBin(context, event),
    ...(unnamed ? [invalidArg('lot')] : []),
    ...(impossible ? [invalidArg('kg')] : []),
    ...(textArg(event, 'note') === null ? [invalidArg('note')] : []),
  ];
}

/** A person counts the sacks of one lot in the store: its book is set to what he found. */
function correctStore(turn: StockTurn, event: MachineEvent, said: Said): void {
  const { store } = turn.context.made;
  const held = binOf(turn, store)?.book.layers.flat() ?? [];
  const lot = textArg(event, 'lot');
  const known = held.find((one) => one.lot === lot);
  const moreKg = toMilligram((numberArg(event, 'kg') ?? 0) - (known?.kg ?? 0));
  const portion = { lot, material: known?.material ?? null, kg: Math.abs(moreKg) };
  if (moreKg > 0) bringIn(turn, way({ ...said, from: null, to: store }), [portion]);
  else moveFromStore(turn, way({ ...said, from: null, to: null }), portion);
}

type Said = Pick<Parameters<typeof way>[0], 'cause' | 'causeId' | 'by' | 'note'>;

/** A person sets the book of a bin to what he found there, with his reason. */
export function correct(turn: StockTurn, event: MachineEvent): void {
  const bin = textArg(event, 'bin') ?? '';
  const known = binOf(turn, bin);
  if (known === null) return;
  const entries = turn.context.entries + 1;
  turn.context = { ...turn.context, entries };
  const said = {
    cause: 'correction',
    causeId: `correction/${event.utcMs}/${entries}`,
    by: senderOf(event)?.id ?? null,
    note: textArg(event, 'note'),
  } as const;
  turn.out.push(ACCEPTED);
  if (bin === turn.context.made.store) {
    correctStore(turn, event, said);
    return;
  }
  const moreKg = toMilligram((numberArg(event, 'kg') ?? 0) - bookKg(known.book));
  if (moreKg > 0) {
    const material = turn.context.made.bins[bin]?.material ?? null;
    const portion = { lot: textArg(event, 'lot'), material, kg: moreKg };
    bringIn(turn, way({ ...said, from: null, to: bin }), [portion]);
  } else move(turn, way({ ...said, from: bin, to: null }), -moreKg);
}
