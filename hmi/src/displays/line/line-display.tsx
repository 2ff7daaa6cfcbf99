import { A, useParams } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import { say, t } from '../../i18n/language.ts';
import { type Line, mill } from '../../state/mill.ts';
import { may } from '../../state/session.ts';
import { BatchPanel } from './batch-panel.tsx';
import { HandAddPanel } from './hand-add-panel.tsx';
import { OrderForm } from './order-form.tsx';
import { OrderQueue } from './order-queue.tsx';
import { ProcedurePanel } from './procedure-panel.tsx';
import { UnitsPanel } from './units-panel.tsx';

function LineTabs(props: { current: string }): JSX.Element {
  return (
    <Show when={mill().lines.length > 1}>
      <nav class="segments" aria-label={t('line.title')}>
        <For each={mill().lines}>
          {(line) => (
            <A
              class="segment"
              href={`/line/${line.id}`}
              aria-current={line.id === props.current ? 'page' : undefined}
            >
              {say(line.text)}
            </A>
          )}
        </For>
      </nav>
    </Show>
  );
}

function LineOf(props: { line: Line }): JSX.Element {
  return (
    <section class="line">
      <div class="display-head">
        <h1>{say(props.line.text)}</h1>
        <LineTabs current={props.line.id} />
      </div>
      <div class="line-columns">
        <div class="line-column">
          <OrderQueue line={props.line} />
          <Show when={may('orders.create')}>
            <OrderForm line={props.line} />
          </Show>
        </div>
        <div class="line-column">
          <BatchPanel line={props.line} />
          <ProcedurePanel line={props.line} />
          <HandAddPanel line={props.line} />
        </div>
        <div class="line-column">
          <UnitsPanel line={props.line} />
        </div>
      </div>
    </section>
  );
}

/** Level 2: what a line is doing, and the orders that make it do so. */
export function LineDisplay(): JSX.Element {
  const params = useParams<{ line?: string }>();
  const line = () => mill().lines.find((one) => one.id === params.line) ?? mill().lines[0];
  return (
    <Show when={line()} keyed fallback={<p>{t('app.none')}</p>}>
      {(one) => <LineOf line={one} />}
    </Show>
  );
}
