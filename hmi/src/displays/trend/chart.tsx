import { createEffect, type JSX, on, onCleanup, onMount } from 'solid-js';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatTime, unitText } from '../../i18n/format.ts';
import { LOCALES, language, say, t } from '../../i18n/language.ts';
import type { TagMeta } from '../../state/mill.ts';
import { isDark, PENS, penColor } from './pens.ts';
import { type Columns, gapsOf, held, type Point, toColumns } from './trend-data.ts';

export interface ChartProps {
  readonly tags: readonly TagMeta[];
  readonly points: readonly (readonly Point[])[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly onZoom: (fromMs: number, toMs: number) => void;
  readonly onCursor: (timeMs: number | null) => void;
  readonly onReset: () => void;
}

/** Without a point for this share of the window, a value was quiet: it is held, not sloped. */
const QUIET_SHARE = 1 / 200;

function scaleOf(tag: TagMeta): string {
  return `unit ${tag.unit}`;
}

function inks() {
  return isDark()
    ? { text: '#c3ccd1', grid: '#3a4449', mark: '#e8eef1' }
    : { text: '#454e54', grid: '#c3c8cb', mark: '#1d2327' };
}

/** Room for the words of states beside a chart of at least this width, px. */
const WORDS_FROM_PX = 700;

/** How an axis writes its values: a lone state in words, states and flags in whole numbers. */
function ticksOf(unit: string, tags: readonly TagMeta[], wide: boolean): Partial<uPlot.Axis> {
  const own = tags.filter((tag) => tag.unit === unit);
  const states = own.length === 1 && wide ? own[0]?.states : null;
  const numbers = new Intl.NumberFormat(LOCALES[language()], { maximumFractionDigits: 3 });
  const whole = own.every(isStepped) ? { incrs: [1, 2, 5, 10, 20, 50] } : {};
  if (states === null || states === undefined) {
    return { ...whole, size: 58, values: (_, ticks) => ticks.map((tick) => numbers.format(tick)) };
  }
  const word = (tick: number) => states[String(tick)];
  return {
    ...whole,
    size: 130,
    values: (_, ticks) => ticks.map((tick) => say(word(tick) ?? { vi: '', en: '' })),
  };
}

function axes(tags: readonly TagMeta[], wide: boolean): uPlot.Axis[] {
  const units = [...new Set(tags.map((tag) => tag.unit))].slice(0, 2);
  const { text, grid } = inks();
  const common = { stroke: text, ticks: { stroke: grid }, font: '12px system-ui, sans-serif' };
  return [
    {
      ...common,
      grid: { stroke: grid, width: 1 },
      space: 90,
      values: (_, ticks) => {
        const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
        return ticks.map((s) => formatTime(s * 1_000, step < 60 ? 'time' : 'minute'));
      },
    },
    ...units.map(
      (unit, index): uPlot.Axis => ({
        ...common,
        scale: `unit ${unit}`,
        side: index === 0 ? 3 : 1,
        label: unitText(unit),
        labelSize: unit === '' ? 0 : 18,
        labelFont: '12px system-ui, sans-serif',
        grid: { show: index === 0, stroke: grid, width: 1 },
        ...ticksOf(unit, tags, wide),
      }),
    ),
  ];
}

/** A flag or state, which jumps from one value to the next. */
function isStepped(tag: TagMeta): boolean {
  return tag.dataType === 'bool' || tag.states !== null;
}

function seriesOf(tag: TagMeta, index: number): uPlot.Series {
  const paths = isStepped(tag) ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    label: tag.name,
    scale: scaleOf(tag),
    stroke: penColor(index),
    width: 2,
    dash: [...(PENS[index % PENS.length]?.dash ?? [])],
    points: { show: false },
    ...(paths === undefined ? {} : { paths }),
  };
}

/** Hatches the stretches of which nothing is known, under the lines. */
function drawGaps(plot: uPlot, points: readonly (readonly Point[])[]): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = inks().grid;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  for (const [fromMs, toMs] of points.flatMap((one) => gapsOf(one))) {
    const left = plot.valToPos(fromMs / 1_000, 'x', true);
    const right = plot.valToPos(toMs / 1_000, 'x', true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, Math.max(2, right - left), bbox.height);
    ctx.clip();
    ctx.beginPath();
    for (let x = left - bbox.height; x < right; x += 12 * devicePixelRatio) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}

/**
 * Crosses the points whose value is not good: they are shown, but nobody shall take them for good.
 */
function drawDoubt(plot: uPlot, columns: Columns, tags: readonly TagMeta[]): void {
  const { ctx } = plot;
  const arm = 4 * devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = inks().mark;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  tags.forEach((tag, column) => {
    columns.times.forEach((time, row) => {
      const value = columns.values[column]?.[row];
      if (typeof value !== 'number' || (columns.qualities[column]?.[row] ?? 0) === 0) return;
      const x = plot.valToPos(time, 'x', true);
      const y = plot.valToPos(value, scaleOf(tag), true);
      ctx.moveTo(x - arm, y - arm);
      ctx.lineTo(x + arm, y + arm);
      ctx.moveTo(x + arm, y - arm);
      ctx.lineTo(x - arm, y + arm);
    });
  });
  ctx.stroke();
  ctx.restore();
}

/** Lines over time. Drag zooms; a double click goes back to live. */
export function Chart(props: ChartProps): JSX.Element {
  let host: HTMLDivElement | undefined;
  let plot: uPlot | undefined;
  let columns = toColumns([]);

  const data = (): uPlot.AlignedData => {
    const quietMs = (props.toMs - props.fromMs) * QUIET_SHARE;
    columns = toColumns(props.points.map((points) => held(points, quietMs)));
    return [columns.times, ...columns.values] as uPlot.AlignedData;
  };
  const window = () => plot?.setScale('x', { min: props.fromMs / 1_000, max: props.toMs / 1_000 });
  const build = () => {
    plot?.destroy();
    if (host === undefined) return;
    plot = new uPlot(
      options(props, host, () => columns),
      data(),
      host,
    );
    window();
  };
  onMount(() => {
    build();
    const observer = new ResizeObserver(() => {
      if (host !== undefined) plot?.setSize({ width: host.clientWidth, height: host.clientHeight });
    });
    if (host !== undefined) observer.observe(host);
    onCleanup(() => observer.disconnect());
  });
  onCleanup(() => plot?.destroy());
  createEffect(on([() => props.tags, language], build, { defer: true }));
  createEffect(
    on(
      [() => props.points, () => props.fromMs, () => props.toMs],
      () => {
        plot?.setData(data(), false);
        window();
      },
      { defer: true },
    ),
  );
  return (
    <div
      class="chart"
      ref={(element) => {
        host = element;
      }}
      role="img"
      aria-label={t('trend.chart', { tags: props.tags.map((tag) => tag.name).join(', ') })}
      onDblClick={() => props.onReset()}
    />
  );
}

function options(props: ChartProps, host: HTMLElement, columns: () => Columns): uPlot.Options {
  return {
    width: host.clientWidth,
    height: host.clientHeight,
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
    scales: { x: { time: true, auto: false } },
    series: [{}, ...props.tags.map(seriesOf)],
    axes: axes(props.tags, host.clientWidth >= WORDS_FROM_PX),
    hooks: {
      drawAxes: [(plot) => drawGaps(plot, props.points)],
      draw: [(plot) => drawDoubt(plot, columns(), props.tags)],
      setCursor: [
        (plot) => {
          const { left } = plot.cursor;
          const known = left !== undefined && left >= 0;
          props.onCursor(known ? plot.posToVal(left, 'x') * 1_000 : null);
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 6) return;
          const fromMs = plot.posToVal(left, 'x') * 1_000;
          const toMs = plot.posToVal(left + width, 'x') * 1_000;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          props.onZoom(fromMs, toMs);
        },
      ],
    },
  };
}
