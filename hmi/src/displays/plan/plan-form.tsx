import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { PlannedOrderView, PlanView, PlanWish } from '../../../../server/contract/plan.ts';
import type { FormulaView } from '../../../../server/contract/rest.ts';
import { formatTime } from '../../i18n/format.ts';
import { t } from '../../i18n/language.ts';
import { rest } from '../../live/rest.ts';
import { mill } from '../../state/mill.ts';
import { Loaded } from '../../widgets/loaded.tsx';
import { FormulaChoice, PackagingChoice } from '../../widgets/order-choices.tsx';
import { ProblemNote } from '../../widgets/reasons.tsx';
import { TextField } from '../../widgets/text-field.tsx';
import { PlanOrder } from './plan-order.tsx';

interface Form {
  formula: string;
  tonnes: string;
  line: string;
  press: string;
  destination: string;
  packaging: 'bags' | 'bulk';
  due: string;
  customer: string;
}

const BLANK: Form = {
  ...{ formula: '', tonnes: '24', line: '', press: '', destination: '' },
  ...{ packaging: 'bags', due: '', customer: '' },
};

/** What is typed as a wish; null while the tonnes are no number or no formula is chosen. */
function wishOf(form: Form): PlanWish | null {
  const tonnes = Number(form.tonnes.replace(',', '.'));
  if (form.formula === '' || !Number.isFinite(tonnes) || tonnes <= 0) return null;
  const { formula, packaging } = form;
  return {
    formula,
    packaging,
    orderKg: Math.round(tonnes * 1_000),
    ...(form.line === '' ? {} : { line: form.line }),
    ...(form.press === '' ? {} : { press: form.press }),
    ...(form.destination === '' ? {} : { destination: form.destination }),
    ...(form.due === '' ? {} : { due: new Date(form.due).toISOString() }),
    ...(form.customer.trim() === '' ? {} : { customer: form.customer.trim() }),
  };
}

/** A unit of the mill, or none: the planner chooses. */
function OpenChoice(props: {
  label: string;
  value: string;
  options: readonly string[];
  onChange: (value: string) => void;
}): JSX.Element {
  return (
    <label class="field">
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
        <option value="">{t('plan.open')}</option>
        <For each={props.options}>{(id) => <option value={id}>{id}</option>}</For>
      </select>
    </label>
  );
}

function Fields(props: {
  form: Form;
  formulas: readonly FormulaView[];
  set: (change: Partial<Form>) => void;
}): JSX.Element {
  const idsOf = (type: string) =>
    mill().devices.flatMap((device) => (device.type === type ? [device.id] : []));
  const finished = () => [...new Set(mill().lines.flatMap((line) => line.finishedBins))];
  return (
    <>
      <FormulaChoice
        formulas={props.formulas}
        value={props.form.formula}
        onChange={(formula) => props.set({ formula })}
      />
      <div class="fields">
        <TextField
          label={t('line.tonnes')}
          inputmode="decimal"
          value={props.form.tonnes}
          onInput={(tonnes) => props.set({ tonnes })}
        />
        <PackagingChoice
          value={props.form.packaging}
          onChange={(packaging) => props.set({ packaging })}
        />
        <OpenChoice
          label={t('plan.line')}
          value={props.form.line}
          options={mill().lines.map(({ id }) => id)}
          onChange={(line) => props.set({ line })}
        />
        <OpenChoice
          label={t('plan.press')}
          value={props.form.press}
          options={idsOf('press')}
          onChange={(press) => props.set({ press })}
        />
        <OpenChoice
          label={t('line.destination')}
          value={props.form.destination}
          options={finished()}
          onChange={(destination) => props.set({ destination })}
        />
        <TextField
          label={t('plan.due')}
          type="datetime-local"
          value={props.form.due}
          onInput={(due) => props.set({ due })}
        />
        <TextField
          label={t('plan.customer')}
          value={props.form.customer}
          onInput={(customer) => props.set({ customer })}
        />
      </div>
    </>
  );
}

/** What would become of the wish behind the queue. */
function Forecast(props: { orders: readonly PlannedOrderView[] }): JSX.Element {
  const times = () =>
    props.orders.flatMap(({ stages }) => stages.flatMap(({ start, end }) => [start, end])).sort();
  return (
    <Show when={props.orders.length > 0}>
      <div class="note" role="status">
        <Show when={times().length > 0}>
          <p>
            {t('plan.whatIfResult', {
              start: formatTime(times()[0] ?? null, 'short'),
              end: formatTime(times().at(-1) ?? null, 'short'),
            })}
          </p>
        </Show>
        <For each={props.orders}>{(one) => <PlanOrder of={one} act={null} />}</For>
      </div>
    </Show>
  );
}

function PlanFormOf(props: { formulas: readonly FormulaView[]; added: () => void }): JSX.Element {
  const [form, setForm] = createStore<Form>({ ...BLANK });
  const [failure, setFailure] = createSignal<unknown>(null);
  const [forecast, setForecast] = createSignal<readonly PlannedOrderView[]>([]);
  const [planId, setPlanId] = createSignal<string | null>(null);
  const wish = () => wishOf(form);
  const ask = async (work: (of: PlanWish) => Promise<void>) => {
    const of = wish();
    if (of === null) return;
    setFailure(null);
    setPlanId(null);
    try {
      await work(of);
    } catch (cause) {
      setFailure(cause);
    }
  };
  const whatIf = () =>
    ask(async (of) => {
      setForecast((await rest.post<PlanView>('/api/plan/what-if', of)).orders);
    });
  const add = () =>
    ask(async (of) => {
      setPlanId((await rest.post<{ planId: string }>('/api/plan', of)).planId);
      setForecast([]);
      props.added();
    });
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Fields form={form} formulas={props.formulas} set={(change) => setForm(change)} />
      <div class="actions">
        <button
          type="button"
          class="button"
          disabled={wish() === null}
          onClick={() => void whatIf()}
        >
          {t('plan.whatIf')}
        </button>
        <button type="submit" class="button button-strong" disabled={wish() === null}>
          {t('plan.add')}
        </button>
      </div>
      <Show when={failure() !== null}>
        <ProblemNote cause={failure()} />
      </Show>
      <Show when={planId()}>
        {(plan) => (
          <p class="note" role="status">
            ✓ {t('plan.added', { plan: plan() })}
          </p>
        )}
      </Show>
      <Forecast orders={forecast()} />
    </form>
  );
}

/** A wish for the plan: what may be left open is proposed, and tried before it is added. */
export function PlanForm(props: { added: () => void }): JSX.Element {
  const [formulas, { refetch }] = createResource(() => rest.get<FormulaView[]>('/api/formulas'));
  return (
    <section class="panel" aria-label={t('plan.new')}>
      <header class="panel-head">
        <h2 class="panel-title">{t('plan.new')}</h2>
      </header>
      <div class="panel-body">
        <Loaded resource={formulas} retry={() => void refetch()}>
          {(list) => <PlanFormOf formulas={list()} added={props.added} />}
        </Loaded>
      </div>
    </section>
  );
}
