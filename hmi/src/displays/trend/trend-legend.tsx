import { For, type JSX, Show } from 'solid-js';
import { say, t } from '../../i18n/language.ts';
import type { TagMeta } from '../../state/mill.ts';
import { TagValue } from '../../widgets/tag-value.tsx';
import { scalarText, unitOf } from '../../widgets/value-text.ts';
import { PENS, penColor } from './pens.ts';
import type { Point } from './trend-data.ts';

/** The value that held at a time: of the last point at or before it. */
export function valueAt(points: readonly Point[], timeMs: number): number | null {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.[0] ?? 0) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return points[low - 1]?.[1] ?? null;
}

/** Which line is which, with its value at the cursor or now. */
export function TrendLegend(props: {
  tags: readonly TagMeta[];
  series: readonly (readonly Point[])[];
  cursorMs: number | null;
  onRemove: (name: string) => void;
}): JSX.Element {
  const atCursor = (tag: TagMeta, index: number) => {
    const value = valueAt(props.series[index] ?? [], props.cursorMs ?? 0);
    const shown = tag.dataType === 'bool' && value !== null ? value === 1 : value;
    return `${scalarText(tag, shown)} ${unitOf(tag)}`.trim();
  };
  return (
    <ul class="legend">
      <For each={props.tags}>
        {(tag, index) => (
          <li>
            <svg class="legend-pen" viewBox="0 0 40 8" aria-hidden="true">
              <path
                d="M0 4 H40"
                stroke={penColor(index())}
                stroke-width="2.5"
                stroke-dasharray={(PENS[index() % PENS.length]?.dash ?? []).join(' ')}
              />
            </svg>
            <span class="legend-name">
              <b>{tag.name}</b> <span class="quiet">{say(tag.text)}</span>
            </span>
            <Show when={props.cursorMs !== null} fallback={<TagValue tag={tag.name} />}>
              <span class="value">{atCursor(tag, index())}</span>
            </Show>
            <button
              type="button"
              class="button button-icon"
              aria-label={t('trend.remove', { tag: tag.name })}
              onClick={() => props.onRemove(tag.name)}
            >
              ✕
            </button>
          </li>
        )}
      </For>
    </ul>
  );
}
