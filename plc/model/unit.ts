/**
 * Engineering units used in tags and records, spelt as the mill writes them.
 * `''` is a plain number, a state or a flag. Masses are kg, energy kWh, temperatures degrees
 * Celsius.
 */
export const UNITS = [
  '',
  '%',
  'A',
  'Hz',
  'kW',
  'kWh',
  'kWh/t',
  'h',
  's',
  'ms',
  'kg',
  't',
  'kg/h',
  't/h',
  'degC',
  'mm',
  'mm/s',
  'bar',
  'mbar',
  'V',
  'pcs',
  '1/h',
  '1/min',
  '1/s',
  'd',
  'm',
  'm/s',
  'm3',
  'g',
  'rpm',
] as const;

export type Unit = (typeof UNITS)[number];
