import { useSearchParams } from '@solidjs/router';
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  type JSX,
  on,
  onCleanup,
  Show,
} from 'solid-js';
import type { History } from '../../../../server/contract/history.ts';
import { formatTime } from '../../i18n/format.ts';
import { t } from '../../i18n/language.ts';
import { query, rest } from '../../live/rest.ts';
import { serverNowMs } from '../../state/live.ts';
import { type TagMeta, tagMeta } from '../../state/mill.ts';
import { ProblemNote } from '../../widgets/reasons.tsx';
import { Chart } from './chart.tsx';
import { useLivePoints } from './live-points.ts';
import { TagPicker } from './tag-picker.tsx';
import { type Point, pointsByTag } from './trend-data.ts';
import { TrendLegend } from './trend-legend.tsx';

export const TAGS_MAX = 8;
const RANGES_MIN = [15, 60, 240, 480, 1_440] as const;
const MINUTE_MS = 60_000;
const RANGE_MS_MIN = 30_000;
const RANGE_MS_MAX = 31 * 24 * 60 * MINUTE_MS;
const HISTORY_POINTS = 1_200;

/** What part of time is shown: a length, and its end; null goes on with the clock. */
interface Span {
  readonly lengthMs: number;
  readonly endMs: number | null;
}

function clampLength(lengthMs: number): number {
  return Math.min(RANGE_MS_MAX, Math.max(RANGE_MS_MIN, lengthMs));
}

function rangeText(minutes: number): string {
  return minutes < 60
    ? t('trend.minutes', { count: minutes })
    : t('trend.hours', { count: minutes / 60 });
}

function Toolbar(props: { span: Span; set: (span: Span) => void }): JSX.Element {
  const end = () => props.span.endMs ?? serverNowMs();
  const shift = (share: number) => {
    const endMs = end() + share * props.span.lengthMs;
    props.set({ ...props.span, endMs: endMs >= serverNowMs() ? null : endMs });
  };
  const zoom = (factor: number) =>
    props.set({ ...props.span, lengthMs: clampLength(props.span.lengthMs * factor) });
  return (
    <div class="trend-tools">
      <fieldset class="segments">
        <legend class="visually-hidden">{t('trend.range')}</legend>
        <For each={RANGES_MIN}>
          {(minutes) => (
            <button
              type="button"
              class="segment"
              aria-pressed={props.span.lengthMs === minutes * MINUTE_MS}
              onClick={() => props.set({ ...props.span, lengthMs: minutes * MINUTE_MS })}
            >
              {rangeText(minutes)}
            </button>
          )}
        </For>
      </fieldset>
      <button
        type="button"
        class="button"
        aria-label={t('trend.earlier')}
        onClick={() => shift(-0.5)}
      >
        ◀
      </button>
      <button type="button" class="button" aria-label={t('trend.later')} onClick={() => shift(0.5)}>
        ▶
      </button>
      <button type="button" class="button" aria-label={t('trend.zoomIn')} onClick={() => zoom(0.5)}>
        +
      </button>
      <button type="button" class="button" aria-label={t('trend.zoomOut')} onClick={() => zoom(2)}>
        −
      </button>
      <Show
        when={props.span.endMs !== null}
        fallback={<span class="state-chip">● {t('trend.live')}</span>}
      >
        <button
          type="button"
          class="button button-strong"
          onClick={() => props.set({ ...props.span, endMs: null })}
        >
          {t('trend.backToLive')}
        </button>
      </Show>
    </div>
  );
}

/**
 * History of the shown tags and span, asked for anew when either changes; live points go behind
 * it.
 */
function useTrend(names: () => readonly string[], span: () => Span) {
  const [points, setPoints] = createSignal<ReadonlyMap<string, readonly Point[]>>(new Map());
  const [failure, setFailure] = createSignal<unknown>(null);
  let asked = 0;
  const load = async () => {
    asked += 1;
    const mine = asked;
    if (names().length === 0) return;
    const toMs = span().endMs ?? serverNowMs();
    const search = query({
      tags: names().join(','),
      from: new Date(toMs - span().lengthMs).toISOString(),
      to: new Date(toMs).toISOString(),
      points: HISTORY_POINTS,
    });
    try {
      const history = await rest.get<History>(`/api/history${search}`);
      if (mine !== asked) return;
      setFailure(null);
      setPoints(pointsByTag(history));
    } catch (cause) {
      if (mine === asked) setFailure(cause);
    }
  };
  createEffect(on([names, span], () => void load()));
  onCleanup(() => {
    asked += 1;
  });
  return { points, setPoints, failure };
}

function useNames(): [() => readonly string[], (names: readonly string[]) => void] {
  const [search, setSearch] = useSearchParams<{ tags?: string }>();
  const names = createMemo(
    () =>
      [...new Set((search.tags ?? '').split(','))]
        .filter((name) => tagMeta(name) !== undefined)
        .slice(0, TAGS_MAX),
    [],
    { equals: (a, b) => a.join() === b.join() },
  );
  return [names, (next) => setSearch({ tags: next.join(',') }, { replace: true })];
}

/** Trends of up to eight signals: history first, then live, in one drawing. */
export function TrendDisplay(): JSX.Element {
  const [names, setNames] = useNames();
  const [span, setSpan] = createSignal<Span>({ lengthMs: 15 * MINUTE_MS, endMs: null });
  const [cursorMs, setCursorMs] = createSignal<number | null>(null);
  const trend = useTrend(names, span);
  const nowMs = useLivePoints(names, () => span().endMs === null, trend.setPoints);
  const tags = createMemo(() =>
    names()
      .map((name) => tagMeta(name))
      .filter((one): one is TagMeta => one !== undefined),
  );
  const series = createMemo(() => names().map((name) => trend.points().get(name) ?? []));
  const toMs = () => span().endMs ?? nowMs();
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const lengthMs = clampLength(span().lengthMs * (event.deltaY > 0 ? 1.25 : 0.8));
    setSpan({ ...span(), lengthMs });
  };
  return (
    <section class="trend">
      <div class="display-head">
        <h1>{t('trend.title')}</h1>
        <Toolbar span={span()} set={setSpan} />
      </div>
      <TagPicker
        full={names().length >= TAGS_MAX}
        chosen={names()}
        onChoose={(name) => setNames([...names(), name])}
      />
      <Show when={trend.failure() !== null}>
        <ProblemNote cause={trend.failure()} />
      </Show>
      <Show when={tags().length > 0} fallback={<p class="quiet empty">{t('trend.choose')}</p>}>
        <div class="chart-place" onWheel={wheel}>
          <Chart
            tags={tags()}
            points={series()}
            fromMs={toMs() - span().lengthMs}
            toMs={toMs()}
            onZoom={(fromMs, endMs) => setSpan({ lengthMs: clampLength(endMs - fromMs), endMs })}
            onCursor={setCursorMs}
            onReset={() => setSpan({ ...span(), endMs: null })}
          />
        </div>
        <p class="quiet trend-help">
          {cursorMs() === null
            ? `${t('trend.help')} ${t('trend.gap')}`
            : formatTime(cursorMs(), 'full')}
        </p>
        <TrendLegend
          tags={tags()}
          series={series()}
          cursorMs={cursorMs()}
          onRemove={(name) => setNames(names().filter((one) => one !== name))}
        />
      </Show>
    </section>
  );
}
