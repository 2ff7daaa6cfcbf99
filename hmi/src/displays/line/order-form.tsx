import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { FormulaView, NewOrder, NewOrderAnswer } from '../../../../server/contract/rest.ts';
import { formatNumber } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { rest } from '../../live/rest.ts';
import { deviceOf, type Line, mill, setting, settingText } from '../../state/mill.ts';
import { Choice } from '../../widgets/choice.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { FormulaChoice, PackagingChoice } from '../../widgets/order-choices.tsx';
import { ProblemNote, Reasons } from '../../widgets/reasons.tsx';
import { TextField } from '../../widgets/text-field.tsx';
import { type OrderPlan, planOrder } from './order-plan.ts';

/** A mixer holds a tenth more than the batch that it is named for. */
const BATCH_SHARE_OF_MIXER = 1 / 1.1;
/** A new order begins with so many batches. */
const BATCHES_AT_FIRST = 3;

interface Form {
  formula: string;
  tonnes: string;
  batchKg: string;
  destination: string;
  packaging: 'bags' | 'bulk';
  bagKg: string;
  start: boolean;
}

function blank(line: Line): Form {
  const mixerKg = setting(deviceOf(line.mixer), 'capacityKg') ?? 500;
  const round = mixerKg >= 1_000 ? 100 : 50;
  const batchKg = Math.floor((mixerKg * BATCH_SHARE_OF_MIXER + round / 2) / round) * round;
  return {
    formula: '',
    tonnes: formatNumber((BATCHES_AT_FIRST * batchKg) / 1_000, 1),
    batchKg: String(batchKg),
    destination: line.finishedBins[0] ?? '',
    packaging: 'bags',
    bagKg: String(setting(deviceOf(line.baggers[0] ?? ''), 'bagKg') ?? 25),
    start: true,
  };
}

function upstream(ids: readonly string[]): string[] {
  return mill().flows.flatMap(({ from, to }) => (ids.includes(to) ? [from] : []));
}

/** The bins above the line's scales that are meant for a material. */
function binsOf(line: Line, material: string): string[] {
  const pumps = line.meters.map((id) => settingText(deviceOf(id), 'pump') ?? '');
  const above = upstream([...upstream(line.scales), ...pumps]);
  return above.filter((id) => settingText(deviceOf(id), 'material') === material);
}

/** The formula for one batch: each ingredient with its mass and where it comes from. */
function FormulaTable(props: { line: Line; formula: FormulaView; batchKg: number }): JSX.Element {
  return (
    <table class="table table-tight">
      <thead>
        <tr>
          <th>{t('line.ingredient')}</th>
          <th class="num">{t('line.pct')}</th>
          <th class="num">{t('line.perBatch')}</th>
          <th>{t('line.bin')}</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.formula.items}>
          {(item) => {
            const bins = binsOf(props.line, item.material);
            return (
              <tr classList={{ 'row-wrong': bins.length === 0 }}>
                <td>{say(item.text)}</td>
                <td class="num">{formatNumber(item.pct, 2)} %</td>
                <td class="num">{formatNumber((props.batchKg * item.pct) / 100, 2)} kg</td>
                <td>{bins.length === 0 ? `✕ ${t('line.noBin')}` : bins.join(', ')}</td>
              </tr>
            );
          }}
        </For>
      </tbody>
    </table>
  );
}

function PlanNote(props: { plan: OrderPlan; mixerKg: number; bags: boolean }): JSX.Element {
  return (
    <>
      <p class="plan">
        {t('line.plan', {
          batches: formatNumber(props.plan.batches),
          kg: formatNumber(props.plan.perBatchKg, 1),
        })}
        <Show when={props.bags}>
          , {t('line.planBags', { bags: formatNumber(props.plan.bags) })}
        </Show>
      </p>
      <Show when={props.plan.batchKg > props.mixerKg}>
        <p class="note note-bad" role="alert">
          {t('line.overMixer', {
            kg: formatNumber(props.plan.batchKg),
            max: formatNumber(props.mixerKg),
          })}
        </p>
      </Show>
      <Show when={props.plan.orderKg < props.plan.batchKg}>
        <p class="note">{t('line.smallOrder', { kg: formatNumber(props.plan.perBatchKg, 1) })}</p>
      </Show>
    </>
  );
}

function NumberField(props: {
  label: string;
  value: string;
  onInput: (value: string) => void;
}): JSX.Element {
  return <TextField {...props} inputMode="decimal" required />;
}

function FormFields(props: {
  line: Line;
  form: Form;
  formulas: readonly FormulaView[];
  set: (change: Partial<Form>) => void;
}): JSX.Element {
  const bins = () =>
    props.line.finishedBins.map((id): [string, string] => {
      const text = deviceOf(id)?.text;
      return [id, text === undefined ? id : `${id} · ${say(text)}`];
    });
  return (
    <>
      <FormulaChoice
        formulas={props.formulas}
        value={props.form.formula}
        onChange={(formula) => props.set({ formula })}
      />
      <div class="fields">
        <NumberField
          label={t('line.tonnes')}
          value={props.form.tonnes}
          onInput={(tonnes) => props.set({ tonnes })}
        />
        <NumberField
          label={t('line.batchKg')}
          value={props.form.batchKg}
          onInput={(batchKg) => props.set({ batchKg })}
        />
        <Choice
          label={t('line.destination')}
          value={props.form.destination}
          options={bins()}
          onChange={(destination) => props.set({ destination })}
        />
        <PackagingChoice
          value={props.form.packaging}
          onChange={(packaging) => props.set({ packaging })}
        />
        <Show when={props.form.packaging === 'bags'}>
          <NumberField
            label={t('line.bagKg')}
            value={props.form.bagKg}
            onInput={(bagKg) => props.set({ bagKg })}
          />
        </Show>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={props.form.start}
          onChange={(event) => props.set({ start: event.currentTarget.checked })}
        />
        <span>{t('line.startNow')}</span>
      </label>
    </>
  );
}

function OrderFormOf(props: { line: Line; formulas: readonly FormulaView[] }): JSX.Element {
  const [form, setForm] = createStore<Form>(blank(props.line));
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<unknown>(null);
  const [created, setCreated] = createSignal<NewOrderAnswer | null>(null);
  const plan = () => planOrder(form);
  const formula = () => props.formulas.find((one) => one.code === form.formula);
  const mixerKg = () =>
    setting(deviceOf(props.line.mixer), 'capacityKg') ?? Number.POSITIVE_INFINITY;
  const ready = () => {
    const made = plan();
    return made !== null && formula() !== undefined && made.batchKg <= mixerKg();
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const made = plan();
    if (made === null) return;
    const { orderKg, batchKg, bagKg } = made;
    const { destination, packaging, start } = form;
    const order: NewOrder = {
      ...{ formula: form.formula, line: props.line.id },
      ...{ orderKg, batchKg, bagKg, destination, packaging, start },
    };
    setBusy(true);
    setFailure(null);
    setCreated(null);
    try {
      setCreated(await rest.post<NewOrderAnswer>('/api/orders', order));
    } catch (cause) {
      setFailure(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <FormFields
        line={props.line}
        form={form}
        formulas={props.formulas}
        set={(change) => setForm(change)}
      />
      <Show when={plan()} fallback={<p class="note note-bad">{t('line.notNumber')}</p>}>
        {(made) => <PlanNote plan={made()} mixerKg={mixerKg()} bags={form.packaging === 'bags'} />}
      </Show>
      <Show when={formula()}>
        {(one) => (
          <FormulaTable line={props.line} formula={one()} batchKg={plan()?.perBatchKg ?? 0} />
        )}
      </Show>
      <Show when={failure() !== null}>
        <ProblemNote cause={failure()} />
      </Show>
      <Show when={created()}>
        {(order) => (
          <div class="note" role="status">
            ✓ {t('line.created', { order: order().orderId })}
            <Reasons list={order().reasons} />
          </div>
        )}
      </Show>
      <div class="actions">
        <button type="submit" class="button button-strong" disabled={busy() || !ready()}>
          {t('line.submit')}
        </button>
      </div>
    </form>
  );
}

/** A new order: what, how much, where to; the plan and the faults are shown before it is sent. */
export function OrderForm(props: { line: Line }): JSX.Element {
  const [formulas, { refetch }] = createResource(() => rest.get<FormulaView[]>('/api/formulas'));
  return (
    <section class="panel line-last" aria-label={t('line.newOrder')}>
      <header class="panel-head">
        <h2 class="panel-title">{t('line.newOrder')}</h2>
      </header>
      <div class="panel-body">
        <Loaded resource={formulas} retry={() => void refetch()}>
          {(list) => <OrderFormOf line={props.line} formulas={list()} />}
        </Loaded>
      </div>
    </section>
  );
}
