import type { MachineEvent } from '../kit.ts';
import { flagArg, input, numberArg, textArg } from '../kit.ts';
import type { DoseRequest } from './scale-dose.context.ts';

/** The dose that a DOSE command asks for; null when an argument is missing or of the wrong kind. */
export function doseRequest(event: MachineEvent): DoseRequest | null {
  const doseId = textArg(event, 'doseId');
  const batchId = textArg(event, 'batchId');
  const bin = textArg(event, 'bin');
  const feeder = textArg(event, 'feeder');
  const material = textArg(event, 'material');
  const targetKg = numberArg(event, 'targetKg');
  const toleranceKg = numberArg(event, 'toleranceKg');
  if (doseId === null || batchId === null || bin === null || feeder === null) return null;
  if (material === null || targetKg === null || toleranceKg === null) return null;
  if (targetKg <= 0 || toleranceKg < 0) return null;
  const lot = textArg(event, 'lot');
  const drug = flagArg(event, 'drug') === true;
  const resumed = flagArg(event, 'resumed') === true;
  return { doseId, batchId, bin, feeder, material, lot, targetKg, toleranceKg, drug, resumed };
}

/**
 * The lot that is taken: what the stock book says comes out of the bin next; null where the book
 * knows of none. While nobody keeps a book that can be trusted, it is the lot that was asked for.
 */
export function lotTaken(event: MachineEvent, request: DoseRequest): string | null {
  const booked = input(event.inputs, `${request.bin}.Lot`);
  if (booked.quality !== 'good' || typeof booked.value !== 'string') return request.lot;
  return booked.value === '' ? null : booked.value;
}
