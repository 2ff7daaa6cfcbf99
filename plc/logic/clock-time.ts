/** The mill's time of day, `HH:MM`, of the first whole minute that is not before a time. */
export function clockTime(timeZone: string, utcMs: number): string {
  const minuteMs = Math.ceil(utcMs / 60_000) * 60_000;
  const options = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat('en-GB', options).format(minuteMs);
}
