/** A queue with one order moved before the place `to`, as seen before the move. */
export function moved(queue: readonly string[], id: string, to: number): string[] {
  const from = queue.indexOf(id);
  if (from < 0) return [...queue];
  const rest = queue.filter((one) => one !== id);
  const at = Math.max(0, Math.min(rest.length, to > from ? to - 1 : to));
  return [...rest.slice(0, at), id, ...rest.slice(at)];
}
