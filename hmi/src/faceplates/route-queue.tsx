import { For, type JSX, Show } from 'solid-js';
import { formatNumber } from '../i18n/format.ts';
import { t } from '../i18n/language.ts';
import { statusOf } from '../state/live.ts';
import type { Route } from '../state/mill.ts';
import { ownerText } from '../state/owner-text.ts';
import { CommandButton } from '../widgets/command-button.tsx';

/** Who waits for a route, the next one first, each with what it is for. */
function RouteQueue(props: { route: Route }): JSX.Element {
  const queue = () => statusOf('route', props.route.id)?.queue ?? [];
  return (
    <Show when={queue().length > 0}>
      <h2 class="face-heading">{t('route.queue')}</h2>
      <ol class="reasons">
        <For each={queue()}>
          {({ by, source, destination, priority }) => (
            <li>
              {t('route.queued', { by: ownerText(by), source, destination })}{' '}
              <span class="quiet">
                {t(priority === 'order' ? 'route.forOrder' : 'route.routine')}
              </span>{' '}
              <CommandButton name="route.cancel" target={props.route.id} args={{ destination }} />
            </li>
          )}
        </For>
      </ol>
    </Show>
  );
}

/** What a route carries, and what drugs have left on its ways. */
function RouteContent(props: { route: Route }): JSX.Element {
  const status = () => statusOf('route', props.route.id);
  const residues = () => status()?.residues ?? [];
  return (
    <>
      <Show when={status()?.product}>
        {(product) => (
          <p>
            <span class="quiet">{t('route.carries')}: </span>
            {product().orderId} · {product().lot}
          </p>
        )}
      </Show>
      <Show when={residues().length > 0}>
        <h2 class="face-heading">{t('route.residues')}</h2>
        <ul class="reasons">
          <For each={residues()}>
            {({ lot, flushedKg }) => (
              <li>{t('route.residue', { lot, kg: formatNumber(flushedKg) })}</li>
            )}
          </For>
        </ul>
      </Show>
    </>
  );
}

/** The queue of a route, its product and what lies on its ways; nothing where there is none. */
export function RouteHolding(props: { route: Route }): JSX.Element {
  const status = () => statusOf('route', props.route.id);
  const any = () => {
    const { queue = [], residues = [], product = null } = status() ?? {};
    return queue.length + residues.length > 0 || product !== null;
  };
  return (
    <Show when={any()}>
      <section class="face-section">
        <RouteContent route={props.route} />
        <RouteQueue route={props.route} />
      </section>
    </Show>
  );
}
