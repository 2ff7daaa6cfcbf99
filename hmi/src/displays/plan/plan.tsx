import { createResource, createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import type { PlanProposal, PlanView } from '../../../../server/contract/plan.ts';
import { formatTime } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { rest } from '../../live/rest.ts';
import { may } from '../../state/session.ts';
import { Loaded } from '../../widgets/loaded.tsx';
import { Confirm } from '../../widgets/modal.tsx';
import { ProblemNote } from '../../widgets/reasons.tsx';
import { PlanForm } from './plan-form.tsx';
import { moved } from './plan-move.ts';
import { type PlanActions, PlanOrder } from './plan-order.tsx';

/** The queue is looked at again this often: others change it, and the mill goes on. */
const EVERY_MS = 10_000;

/** Changes of the queue that a person asks for; each names the queue that he saw. */
interface QueueWork {
  readonly place: (sequence: readonly string[]) => void;
  readonly release: (upTo: string) => void;
  readonly recall: (planId: string) => void;
  readonly remove: (planId: string) => void;
}

/** Orders of the queue itself, without the flushes that the planner puts between. */
function queued(plan: PlanView): string[] {
  return plan.orders
    .filter((one) => one.flushFor === null || one.state !== 'planned')
    .map(({ planId }) => planId);
}

function Queue(props: { plan: PlanView; work: QueueWork }): JSX.Element {
  const [dragged, setDragged] = createSignal<string | null>(null);
  const [over, setOver] = createSignal<string | null>(null);
  const queue = () => queued(props.plan);
  const move = (planId: string, to: number) => props.work.place(moved(queue(), planId, to));
  const actions = (planId: string): PlanActions => ({
    up: () => move(planId, queue().indexOf(planId) - 1),
    down: () => move(planId, queue().indexOf(planId) + 2),
    release: () => props.work.release(planId),
    recall: () => props.work.recall(planId),
    remove: () => props.work.remove(planId),
  });
  const drop = (planId: string) => {
    const one = dragged();
    setDragged(null);
    setOver(null);
    if (one !== null && one !== planId) move(one, queue().indexOf(planId));
  };
  return (
    <ol class="plan-list">
      <For each={props.plan.orders} fallback={<li class="quiet">{t('plan.empty')}</li>}>
        {(one) => {
          const own = queue().includes(one.planId);
          const movable = own && one.state === 'planned' && may('plan.write');
          return (
            <li
              class="plan-order"
              classList={{
                'plan-flush': one.kind === 'flush',
                'plan-bad': one.reasons.length > 0,
                'plan-over': over() === one.planId,
              }}
              draggable={movable}
              onDragStart={() => setDragged(one.planId)}
              onDragOver={(event) => {
                event.preventDefault();
                setOver(one.planId);
              }}
              onDragLeave={() => setOver(null)}
              onDrop={(event) => {
                event.preventDefault();
                drop(one.planId);
              }}
            >
              <PlanOrder of={one} act={own ? actions(one.planId) : null} />
            </li>
          );
        }}
      </For>
    </ol>
  );
}

/** A better sequence, if there is one, with the rules that ask for what is left. */
function Proposal(props: {
  of: PlanProposal;
  accept: (sequence: readonly string[]) => void;
}): JSX.Element {
  const better = () =>
    props.of.lines.filter(({ asGiven, proposed }) => proposed.minutes < asGiven.minutes);
  return (
    <div class="note" role="status">
      <Show when={better().length > 0} fallback={<p>{t('plan.noBetter')}</p>}>
        <For each={better()}>
          {(one) => (
            <p>
              {t('plan.proposed', {
                line: one.line,
                flushes: one.flushesSaved,
                dies: one.asGiven.dieChanges - one.proposed.dieChanges,
              })}
            </p>
          )}
        </For>
        <ul class="reasons">
          <For each={better().flatMap(({ changes }) => changes)}>
            {(change) => (
              <li>
                {change.before} → {change.next}: {say(change.why)}
              </li>
            )}
          </For>
        </ul>
        <button
          type="button"
          class="button button-strong"
          onClick={() => props.accept(props.of.sequence)}
        >
          {t('plan.accept')}
        </button>
      </Show>
    </div>
  );
}

function PlanOf(props: { plan: PlanView; refresh: () => void }): JSX.Element {
  const [failure, setFailure] = createSignal<unknown>(null);
  const [proposal, setProposal] = createSignal<PlanProposal | null>(null);
  const [removing, setRemoving] = createSignal<string | null>(null);
  const run = async (act: () => Promise<unknown>) => {
    setFailure(null);
    setProposal(null);
    try {
      await act();
    } catch (cause) {
      setFailure(cause);
    }
    props.refresh();
  };
  const revision = () => props.plan.revision;
  const pathOf = (planId: string) => `/api/plan/${encodeURIComponent(planId)}`;
  const work: QueueWork = {
    place: (sequence) =>
      void run(() => rest.post('/api/plan/sequence', { revision: revision(), sequence })),
    release: (upTo) =>
      void run(() => rest.post('/api/plan/release', { revision: revision(), upTo })),
    recall: (planId) => void run(() => rest.post(`${pathOf(planId)}/recall`, {})),
    remove: setRemoving,
  };
  const propose = () =>
    void run(async () => {
      const found = await rest.get<PlanProposal>('/api/plan/proposal');
      queueMicrotask(() => setProposal(found));
    });
  return (
    <section class="panel" aria-label={t('plan.queue')}>
      <header class="panel-head">
        <h2 class="panel-title">{t('plan.queue')}</h2>
        <button type="button" class="button" onClick={propose}>
          {t('plan.propose')}
        </button>
      </header>
      <div class="panel-body">
        <p class="quiet">
          {t('plan.summary', {
            end: formatTime(props.plan.end, 'short'),
            flushes: props.plan.flushes,
            dies: props.plan.dieChanges,
          })}
        </p>
        <Show when={failure() !== null}>
          <ProblemNote cause={failure()} />
        </Show>
        <Show when={proposal()}>{(of) => <Proposal of={of()} accept={work.place} />}</Show>
        <Queue plan={props.plan} work={work} />
      </div>
      <Confirm
        open={removing() !== null}
        title={t('plan.remove')}
        text={t('plan.removeSure', { plan: removing() ?? '' })}
        action={t('app.confirm')}
        onConfirm={() => {
          const planId = removing();
          if (planId !== null) void run(() => rest.delete(pathOf(planId)));
        }}
        onClose={() => setRemoving(null)}
      />
    </section>
  );
}

/** Orders that wait before the lines: their sequence, forecast, and what is missing. */
export function PlanDisplay(): JSX.Element {
  const [plan, { refetch }] = createResource(() => rest.get<PlanView>('/api/plan'));
  const timer = setInterval(() => void refetch(), EVERY_MS);
  onCleanup(() => clearInterval(timer));
  return (
    <section>
      <div class="display-head">
        <h1>{t('plan.title')}</h1>
      </div>
      <div class="plan-columns">
        <Loaded resource={plan} retry={() => void refetch()}>
          {(there) => <PlanOf plan={there()} refresh={() => void refetch()} />}
        </Loaded>
        <Show when={may('plan.write')}>
          <PlanForm added={() => void refetch()} />
        </Show>
      </div>
    </section>
  );
}
