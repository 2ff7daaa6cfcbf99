import { For, type JSX, Show } from 'solid-js';
import { say, t } from '../i18n/language.ts';
import { type Device, tagMeta } from '../state/mill.ts';
import { useTag } from '../state/tags.ts';
import { scalarText, unitOf } from '../widgets/value-text.ts';

type Condition = Device['permissives'][number];

/** As the controller takes it: a value that is not good does not meet a condition. */
function ConditionRow(props: { condition: Condition }): JSX.Element {
  const view = useTag(props.condition.tag);
  const meta = () => tagMeta(props.condition.tag);
  const met = () => {
    const { value, quality } = view();
    if (quality !== 'good') return false;
    if (props.condition.comparison === 'is') return value === props.condition.limit;
    if (typeof value !== 'number' || typeof props.condition.limit !== 'number') return false;
    return props.condition.comparison === 'above'
      ? value > props.condition.limit
      : value < props.condition.limit;
  };
  const name = () => {
    const text = meta()?.text;
    return text === undefined ? props.condition.tag : `${say(text)} (${props.condition.tag})`;
  };
  return (
    <li class="condition" classList={{ 'condition-open': !met() }}>
      <span aria-hidden="true">{met() ? '✓' : '✕'}</span>
      <span>
        {t(`face.condition.${props.condition.comparison}`, {
          tag: name(),
          limit: `${scalarText(meta(), props.condition.limit)} ${unitOf(meta())}`.trim(),
        })}
      </span>
      <span class="quiet">{t(met() ? 'face.met' : 'face.notMet')}</span>
    </li>
  );
}

function ConditionList(props: { title: string; list: readonly Condition[] }): JSX.Element {
  return (
    <Show when={props.list.length > 0}>
      <h3 class="face-subheading">{props.title}</h3>
      <ul class="conditions">
        <For each={props.list}>{(condition) => <ConditionRow condition={condition} />}</For>
      </ul>
    </Show>
  );
}

/** What must hold before a start and while it runs, each with whether it does now. */
export function Conditions(props: { device: Device }): JSX.Element {
  return (
    <Show when={props.device.permissives.length + props.device.interlocks.length > 0}>
      <section class="face-section">
        <h2 class="face-heading">{t('face.conditions')}</h2>
        <ConditionList title={t('face.permissives')} list={props.device.permissives} />
        <ConditionList title={t('face.interlocks')} list={props.device.interlocks} />
      </section>
    </Show>
  );
}
