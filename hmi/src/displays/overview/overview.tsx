import { A, useParams } from '@solidjs/router';
import { createMemo, For, type JSX, Show } from 'solid-js';
import { formatNumber } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { type Display, hasSections } from '../../state/displays.ts';
import { statusOf } from '../../state/live.ts';
import { type Line, mill } from '../../state/mill.ts';
import { narrow } from '../../state/viewport.ts';
import { TagValue } from '../../widgets/tag-value.tsx';
import { binReason } from '../line/bin-waits.ts';
import { partOf } from './display-part.ts';
import { MillDrawing } from './mill-drawing.tsx';
import { MillList } from './mill-list.tsx';
import { RouteStrip } from './route-strip.tsx';
import { Sections } from './sections.tsx';

/** One line in one row: its state and what it makes. */
function LineSummary(props: { line: Line }): JSX.Element {
  const status = () => statusOf('line', props.line.id);
  const running = () => status()?.orders[0];
  const standing = () => status()?.doses.filter(({ state }) => state === 'deciding') ?? [];
  const isAsking = () => standing().some((dose) => binReason(status(), dose) === undefined);
  return (
    <A class="summary" href={`/line/${props.line.id}`}>
      <span class="summary-name">{say(props.line.text)}</span>
      <TagValue tag={`${props.line.id}.State`} />
      <Show when={isAsking()}>
        <strong class="summary-asks document">! {t('line.waiting')}</strong>
      </Show>
      <Show when={!isAsking() && standing().length > 0}>
        <strong class="summary-asks document">! {t('line.binWaits')}</strong>
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

/** The lines and the routes: what the mill is making, whatever drawing is below. */
function Summaries(): JSX.Element {
  return (
    <div class="summaries">
      <For each={mill().lines}>{(line) => <LineSummary line={line} />}</For>
      <RouteStrip />
    </div>
  );
}

function Drawing(props: { display: Display }): JSX.Element {
  const part = createMemo(() => partOf(mill(), props.display.id));
  const title = () => say(props.display.text);
  return (
    <Show when={narrow()} fallback={<MillDrawing part={part()} title={title()} />}>
      <MillList areas={props.display.areas} title={title()} />
    </Show>
  );
}

/** Level 1: the whole mill at a glance, drawn where one drawing holds it, else by its sections. */
export function Overview(): JSX.Element {
  return (
    <section class="overview">
      <h1 class="visually-hidden">{t('overview.title')}</h1>
      <Summaries />
      <Show when={hasSections() ? undefined : mill().displays[0]} keyed fallback={<Sections />}>
        {(display) => <Drawing display={display} />}
      </Show>
    </section>
  );
}

/** The neighbours of a display, and the way back to the whole mill. */
function DisplayChoice(props: { current: string }): JSX.Element {
  return (
    <nav class="display-choice" aria-label={t('display.others')}>
      <A class="segment" href="/" end>
        ▲ {t('nav.overview')}
      </A>
      <For each={mill().displays}>
        {(one) => (
          <A
            class="segment"
            href={`/display/${one.id}`}
            aria-current={one.id === props.current ? 'page' : undefined}
          >
            {say(one.text)}
          </A>
        )}
      </For>
    </nav>
  );
}

/** Level 2: one section of the mill. */
export function SectionDisplay(): JSX.Element {
  const params = useParams<{ display: string }>();
  const display = () => mill().displays.find((one) => one.id === params.display);
  return (
    <section class="overview">
      <h1 class="visually-hidden">{say(display()?.text ?? { vi: '', en: '' })}</h1>
      <DisplayChoice current={params.display} />
      <Show when={display()} keyed fallback={<p class="empty">{t('display.unknown')}</p>}>
        {(one) => <Drawing display={one} />}
      </Show>
    </section>
  );
}
