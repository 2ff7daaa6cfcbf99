import { For, type JSX, Show } from 'solid-js';
import type { PlannedOrderView } from '../../../../server/contract/plan.ts';
import { formatNumber, formatTime } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { may } from '../../state/session.ts';
import { Reasons } from '../../widgets/reasons.tsx';
import { materialName } from '../recipe/recipe-names.ts';

/** What the queue lets a person do with one of its orders. */
export interface PlanActions {
  up(): void;
  down(): void;
  release(): void;
  recall(): void;
  remove(): void;
}

/** Where an order goes and when each stage is forecast to be done. */
function Stages(props: { of: PlannedOrderView }): JSX.Element {
  return (
    <p class="plan-stages">
      <For each={props.of.stages}>
        {(one) => (
          <span>
            <span class="quiet">{t(`plan.stage.${one.stage}`)}</span> {one.unit}{' '}
            {formatTime(one.start, 'minute')}–{formatTime(one.end, 'minute')}
          </span>
        )}
      </For>
      <Show when={props.of.destination !== ''}>
        <span>→ {props.of.destination}</span>
      </Show>
    </p>
  );
}

function Changes(props: { of: PlannedOrderView }): JSX.Element {
  return (
    <Show when={props.of.changes.length > 0}>
      <ul class="reasons">
        <For each={props.of.changes}>
          {(one) => (
            <li>
              {one.unit}: {t(`plan.change.${one.kind}`, { kg: formatNumber(one.flushKg) })}{' '}
              <span class="quiet">({say(one.why)})</span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

function Doses(props: { of: PlannedOrderView }): JSX.Element {
  return (
    <details>
      <summary>{t('plan.doses')}</summary>
      <table class="table table-tight">
        <tbody>
          <For each={props.of.doses}>
            {(dose) => (
              <tr>
                <td>{materialName(dose.material)}</td>
                <td>{dose.scale}</td>
                <td>{dose.bin}</td>
                <td class="num">{formatNumber(dose.targetKg, 2)} kg</td>
                <td class="num">± {formatNumber(dose.toleranceKg, 3)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </details>
  );
}

function Commands(props: { of: PlannedOrderView; act: PlanActions }): JSX.Element {
  const id = () => props.of.planId;
  const state = () => props.of.state;
  return (
    <div class="actions actions-left">
      <Show when={may('plan.write') && state() === 'planned'}>
        <button
          type="button"
          class="button button-icon"
          aria-label={t('plan.up', { plan: id() })}
          onClick={() => props.act.up()}
        >
          ▲
        </button>
        <button
          type="button"
          class="button button-icon"
          aria-label={t('plan.down', { plan: id() })}
          onClick={() => props.act.down()}
        >
          ▼
        </button>
      </Show>
      <Show when={may('plan.release') && state() === 'planned'}>
        <button
          type="button"
          class="button"
          disabled={props.of.reasons.length > 0}
          onClick={() => props.act.release()}
        >
          {t('plan.release')}
        </button>
      </Show>
      <Show when={may('plan.release') && (state() === 'released' || state() === 'refused')}>
        <button type="button" class="button" onClick={() => props.act.recall()}>
          {t('plan.recall')}
        </button>
      </Show>
      <Show when={may('plan.write')}>
        <button type="button" class="button button-quiet" onClick={() => props.act.remove()}>
          {t('plan.remove')}
        </button>
      </Show>
    </div>
  );
}

/** One order of the queue: what, where, when, what is missing, what may be done. */
export function PlanOrder(props: { of: PlannedOrderView; act: PlanActions | null }): JSX.Element {
  return (
    <>
      <div class="order-head">
        <span>{props.of.planId}</span>
        <strong>{say(props.of.product)}</strong>
        <span class="state-chip">{t(`plan.state.${props.of.state}`)}</span>
      </div>
      <p class="quiet">
        {formatNumber(props.of.orderKg / 1_000, 1)} t ·{' '}
        {t('plan.batches', {
          count: props.of.batches.count,
          kg: formatNumber(props.of.batches.eachKg),
        })}
        <Show when={props.of.flushFor}>
          {(plan) => <> · {t('plan.flush', { plan: plan() })}</>}
        </Show>
        <Show when={props.of.customer}>{(customer) => <> · {customer()}</>}</Show>
        <Show when={props.of.due}>
          {(due) => (
            <>
              {' '}
              · {t('plan.due')} {formatTime(due(), 'short')}
            </>
          )}
        </Show>
      </p>
      <Stages of={props.of} />
      <Changes of={props.of} />
      <Reasons list={[...props.of.reasons, ...props.of.notes]} />
      <Show when={props.of.doses.length > 0}>
        <Doses of={props.of} />
      </Show>
      <Show when={props.act}>{(act) => <Commands of={props.of} act={act()} />}</Show>
    </>
  );
}
