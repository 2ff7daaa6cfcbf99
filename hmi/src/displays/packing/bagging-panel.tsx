import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import { formatNumber } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { statusOf } from '../../state/live.ts';
import { type Device, roleOf } from '../../state/mill.ts';
import { selectDevice } from '../../state/selection.ts';
import { Reasons } from '../../widgets/reasons.tsx';
import { StateValue } from '../../widgets/state-value.tsx';
import { TagValue } from '../../widgets/tag-value.tsx';
import { behind, orderShown } from './packing-devices.ts';
import { PalletDrawing } from './pallet-drawing.tsx';
import { TagProgress } from './tag-progress.tsx';

function Figure(props: { device: string; of: string }): JSX.Element {
  return (
    <Show when={roleOf(props.device, props.of)}>
      {(tag) => (
        <div class="packing-row">
          <span>{say(tag().text)}</span>
          <TagValue tag={tag().name} />
        </div>
      )}
    </Show>
  );
}

/** A machine of the line with what it is doing, and the way to its faceplate. */
export function MachineRow(props: { device: Device }): JSX.Element {
  return (
    <div class="packing-row">
      <span>
        <button type="button" class="link" onClick={() => selectDevice(props.device.id)}>
          {props.device.id}
        </button>{' '}
        {say(props.device.typeText)}
      </span>
      <Show when={roleOf(props.device.id, 'State')} fallback={<StateValue device={props.device} />}>
        {(tag) => <TagValue tag={tag().name} />}
      </Show>
    </div>
  );
}

/** What is bagged, and how far it is; bags are planned by the mass of the order. */
function Job(props: { bagger: Device; orderId: string }): JSX.Element {
  const order = () => orderShown(props.orderId);
  const planned = () => {
    const { orderKg, bagKg } = order() ?? {};
    return orderKg !== undefined && bagKg ? Math.floor(orderKg / bagKg) : null;
  };
  const plannedText = () => {
    const bags = planned();
    return bags === null ? '–' : formatNumber(bags);
  };
  return (
    <>
      <p class="packing-job">
        <A class="link" href={`/records/${encodeURIComponent(props.orderId)}`}>
          {props.orderId}
        </A>{' '}
        <Show when={order()}>
          {(one) => (
            <>
              <strong>{say(one().product)}</strong>{' '}
              <span class="quiet">
                {one().lot}
                {one().bagKg ? ` · ${formatNumber(one().bagKg ?? 0)} kg` : ''}
              </span>
            </>
          )}
        </Show>
      </p>
      <TagProgress
        tag={`${props.bagger.id}.OrderBags`}
        max={planned()}
        words={(bags) => t('packing.bagsOf', { bags, planned: plannedText() })}
      />
    </>
  );
}

/** One bagging line from its filler to its pallet. */
export function BaggingPanel(props: { bagger: Device }): JSX.Element {
  const id = () => props.bagger.id;
  const status = () => statusOf('device', id());
  const palletiser = () => behind(id(), 'palletiser');
  const checkweigher = () => behind(id(), 'checkweigher');
  const stacking = () => statusOf('device', palletiser()?.id ?? '');
  const reasons = () => [...(status()?.reasons ?? []), ...(stacking()?.reasons ?? [])];
  return (
    <section class="panel packing-line" aria-label={say(props.bagger.text)}>
      <header class="panel-head">
        <h2 class="panel-title">{say(props.bagger.text)}</h2>
      </header>
      <div class="panel-body">
        <Show
          when={status()?.owner}
          fallback={<p class="quiet packing-job">{t('packing.noOrder')}</p>}
        >
          {(orderId) => <Job bagger={props.bagger} orderId={orderId()} />}
        </Show>
        <Reasons list={reasons()} />
        <MachineRow device={props.bagger} />
        <Show when={checkweigher()}>{(one) => <Figure device={one().id} of="LastKg" />}</Show>
        <For each={['OrderRejects', 'OrderMetal']}>
          {(role) => <Figure device={id()} of={role} />}
        </For>
        <Show when={palletiser()}>
          {(one) => (
            <>
              <MachineRow device={one()} />
              <Figure device={one().id} of="OrderPallets" />
              <PalletDrawing palletiser={one()} />
            </>
          )}
        </Show>
      </div>
    </section>
  );
}
