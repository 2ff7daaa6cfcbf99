import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import { say, t } from '../i18n/language.ts';
import { type Device, type TagMeta, tagsOf } from '../state/mill.ts';
import { AnalogBar } from '../widgets/analog-bar.tsx';
import { TagValue } from '../widgets/tag-value.tsx';

const COUNTERS: ReadonlySet<string> = new Set(['kWh', 'h', 'pcs', 'g', '']);

function ValueRow(props: { tag: TagMeta }): JSX.Element {
  const analog = () => props.tag.dataType !== 'bool' && !COUNTERS.has(props.tag.unit);
  return (
    <div class="value-row">
      <span class="value-name">
        {say(props.tag.text)}
        <span class="quiet value-role">{props.tag.role}</span>
      </span>
      <Show when={analog()} fallback={<span />}>
        <AnalogBar tag={props.tag.name} />
      </Show>
      <TagValue tag={props.tag.name} />
    </div>
  );
}

/** All values of the device, with range and normal band, and then its signals. */
export function FaceplateValues(props: { device: Device }): JSX.Element {
  const all = () => tagsOf(props.device.id).filter((tag) => tag.role !== 'State');
  const values = () => all().filter((tag) => tag.dataType !== 'bool');
  const signals = () => all().filter((tag) => tag.dataType === 'bool');
  const trended = () =>
    values()
      .filter((tag) => tag.states === null)
      .slice(0, 8)
      .map((tag) => tag.name)
      .join(',');
  return (
    <>
      <Show when={values().length > 0}>
        <section class="face-section">
          <h2 class="face-heading">{t('face.values')}</h2>
          <For each={values()}>{(tag) => <ValueRow tag={tag} />}</For>
          <A class="link" href={`/trend?tags=${encodeURIComponent(trended())}`}>
            {t('face.trend')}
          </A>
        </section>
      </Show>
      <Show when={signals().length > 0}>
        <section class="face-section">
          <h2 class="face-heading">{t('face.signals')}</h2>
          <For each={signals()}>{(tag) => <ValueRow tag={tag} />}</For>
        </section>
      </Show>
    </>
  );
}
