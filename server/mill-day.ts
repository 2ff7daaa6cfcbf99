/** The mill's date at a time, `YYYY-MM-DD`. */
export function millDay(timeZone: string, timeMs: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(timeMs);
}
