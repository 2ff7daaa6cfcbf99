import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import { formatNumber } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { statusOf } from '../../state/live.ts';
import { type Line, mill } from '../../state/mill.ts';
import { narrow } from '../../state/viewport.ts';
import { TagValue } from '../../widgets/tag-value.tsx';
import { MillDrawing } from './mill-drawing.tsx';
import { MillList } from './mill-list.tsx';
import { RouteStrip } from './route-strip.tsx';

/** One line in one row: its state and what it makes. */
function LineSummary(props: { line: Line }): JSX.Element {
  const status = () => statusOf('line', props.line.id);
  const running = () => status()?.orders[0];
  const isAsking = () => status()?.doses.some((dose) => dose.state === 'deciding') ?? false;
  return (
    <A class="summary" href={`/line/${props.line.id}`}>
      <span class="summary-name">{say(props.line.text)}</span>
      <TagValue tag={`${props.line.id}.State`} />
      <Show when={isAsking()}>
        <strong class="summary-asks document">! {t('line.waiting')}</strong>
      </Show>
      <Show when={running()} fallback={<span class="quiet">{t('overview.empty')}</span>}>
        {(order) => (
          <span class="document">
            {say(order().order.product)} ·{' '}
            {t('line.batchOf', {
              number: status()?.batchNumber ?? order().batchesDone,
              total: order().batchesPlanned,
            })}{' '}
            · {formatNumber(order().dosedKg)} / {formatNumber(order().order.orderKg)} kg
          </span>
        )}
      </Show>
    </A>
  );
}

/** Level 1: the whole mill at a glance. */
export function Overview(): JSX.Element {
  return (
    <section class="overview">
      <h1 class="visually-hidden">{t('overview.title')}</h1>
      <div class="summaries">
        <For each={mill().lines}>{(line) => <LineSummary line={line} />}</For>
        <RouteStrip />
      </div>
      <Show when={narrow()} fallback={<MillDrawing />}>
        <MillList />
      </Show>
    </section>
  );
}
