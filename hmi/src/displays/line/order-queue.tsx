import { A } from '@solidjs/router';
import { createSignal, For, type JSX, Show } from 'solid-js';
import type { OrderProgress } from '../../../../server/contract/live.ts';
import { PROCEDURE_STATE_TEXTS } from '../../../../server/contract/states.ts';
import { WhyPanel } from '../../faceplates/why.tsx';
import { formatNumber } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { statusOf } from '../../state/live.ts';
import type { Line } from '../../state/mill.ts';
import { CommandButton } from '../../widgets/command-button.tsx';
import { Confirm } from '../../widgets/modal.tsx';
import { Progress } from '../../widgets/progress.tsx';
import { Reasons } from '../../widgets/reasons.tsx';

/** The state of an order in the chosen language. */
export function orderStateText(state: string): string {
  if (state === 'Queued') return t('order.Queued');
  const texts: Readonly<Record<string, { vi: string; en: string }>> = PROCEDURE_STATE_TEXTS;
  const text = texts[state];
  return text === undefined ? state : say(text);
}

/** Signs of the states in which nothing more happens to an order. */
const OVER_SIGNS: Readonly<Record<string, string>> = { Complete: '✓', Stopped: '■', Aborted: '✕' };

function isOver(order: OrderProgress): boolean {
  return OVER_SIGNS[order.state] !== undefined;
}

/** Which commands an order in a state takes (ISA-88); the controller has the last word. */
function commandsOf(state: OrderProgress['state']): readonly string[] {
  switch (state) {
    case 'Queued':
    case 'Idle':
      return ['order.start', 'order.remove'];
    case 'Running':
      return ['order.pause', 'order.hold', 'order.stop', 'order.abort'];
    case 'Restarting':
    case 'Pausing':
      return ['order.hold', 'order.stop', 'order.abort'];
    case 'Paused':
      return ['order.resume', 'order.hold', 'order.stop', 'order.abort'];
    case 'Holding':
    case 'Held':
      return ['order.resume', 'order.stop', 'order.abort'];
    case 'Stopping':
      return ['order.hold', 'order.abort'];
    case 'Complete':
    case 'Stopped':
    case 'Aborted':
      return ['order.reset'];
    default:
      return [];
  }
}

const ASKED = { 'order.abort': 'abort', 'order.stop': 'stop' } as const;
const WORDS = {
  abort: ['line.abortTitle', 'line.abortText', 'command.order.abort'],
  stop: ['line.stopTitle', 'line.stopText', 'command.order.stop'],
} as const;

function OrderCommands(props: { line: Line; order: OrderProgress }): JSX.Element {
  const [asked, setAsked] = createSignal<{ what: 'abort' | 'stop'; go: () => void } | null>(null);
  const id = () => props.order.order.orderId;
  const words = () => WORDS[asked()?.what ?? 'stop'];
  return (
    <div class="actions actions-left">
      <For each={commandsOf(props.order.state)}>
        {(name) => {
          const what = name in ASKED ? ASKED[name as keyof typeof ASKED] : undefined;
          const ask = what === undefined ? {} : { ask: (go: () => void) => setAsked({ what, go }) };
          return (
            <CommandButton name={name} target={props.line.id} args={{ orderId: id() }} {...ask} />
          );
        }}
      </For>
      <Confirm
        open={asked() !== null}
        title={t(words()[0], { order: id() })}
        text={t(words()[1])}
        action={t(words()[2])}
        onConfirm={() => asked()?.go()}
        onClose={() => setAsked(null)}
      />
    </div>
  );
}

function OrderCard(props: { line: Line; order: OrderProgress }): JSX.Element {
  const of = () => props.order.order;
  const dosedText = () => {
    const kg = `${formatNumber(props.order.dosedKg)} / ${formatNumber(of().orderKg)} kg`;
    return `${t('line.dosed')} ${kg}`;
  };
  return (
    <article
      class="order document"
      classList={{ 'order-over': isOver(props.order) }}
      data-order={of().orderId}
      data-state={props.order.state}
    >
      <div class="order-head">
        <A class="link" href={`/records/${encodeURIComponent(of().orderId)}`}>
          {of().orderId}
        </A>
        <strong>{say(of().product)}</strong>
        <span class="state-chip">
          <Show when={OVER_SIGNS[props.order.state]}>
            {(sign) => <span aria-hidden="true">{sign()} </span>}
          </Show>
          {orderStateText(props.order.state)}
        </span>
      </div>
      <Show when={!isOver(props.order)}>
        <Progress value={props.order.dosedKg} max={of().orderKg} label={dosedText()} />
      </Show>
      <p class="quiet">
        {t('line.batchesDone', {
          number: props.order.batchesDone,
          total: props.order.batchesPlanned,
        })}
        <Show when={isOver(props.order)}> · {dosedText()}</Show>
        <Show when={of().packaging === 'bags'}>
          {' '}
          · {t('line.bagged')} {formatNumber(props.order.baggedKg)} kg (
          {formatNumber(props.order.bags)} {t('line.bags').toLowerCase()})
        </Show>{' '}
        · {of().destination} · {t('records.lot')} {of().lot}
      </p>
      <Reasons list={props.order.reasons} />
      <OrderCommands line={props.line} order={props.order} />
    </article>
  );
}

/** The orders of a line, running first, with what may be done to each. */
export function OrderQueue(props: { line: Line }): JSX.Element {
  const status = () => statusOf('line', props.line.id);
  const waiting = () => status()?.orders.filter((order) => !isOver(order)) ?? [];
  const over = () => status()?.orders.filter(isOver) ?? [];
  return (
    <section class="panel" aria-label={t('line.queue')}>
      <header class="panel-head">
        <h2 class="panel-title">{t('line.queue')}</h2>
      </header>
      <div class="panel-body">
        <Reasons list={status()?.reasons ?? []} />
        <WhyPanel id={props.line.id} />
        <For each={waiting()} fallback={<p class="quiet">{t('line.noOrders')}</p>}>
          {(order) => <OrderCard line={props.line} order={order} />}
        </For>
        <Show when={over().length > 0}>
          <h3 class="face-subheading">{t('line.over')}</h3>
          <For each={over()}>{(order) => <OrderCard line={props.line} order={order} />}</For>
        </Show>
      </div>
    </section>
  );
}
