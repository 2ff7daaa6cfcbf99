import { type JSX, Show } from 'solid-js';
import { formatNumber } from '../i18n/format.ts';
import { say, t } from '../i18n/language.ts';
import { type Device, materialOf, roleOf, setting, settingText } from '../state/mill.ts';
import { useTag } from '../state/tags.ts';

function ContentFacts(props: { device: Device; levelTag: string }): JSX.Element {
  const level = useTag(props.levelTag);
  const material = () => {
    const code = settingText(props.device, 'material');
    return code === null ? undefined : materialOf(code);
  };
  const kg = () => {
    const value = level().value;
    const capacityKg = setting(props.device, 'capacityKg');
    if (typeof value !== 'number' || capacityKg === undefined) return '–';
    return `${formatNumber((value / 100) * capacityKg)} / ${formatNumber(capacityKg)} kg`;
  };
  return (
    <section class="face-section">
      <dl class="facts">
        <Show when={material()}>
          {(one) => (
            <>
              <dt>{t('face.content')}</dt>
              <dd>
                {say(one().text)} <span class="quiet">{one().code}</span>
              </dd>
            </>
          )}
        </Show>
        <Show when={settingText(props.device, 'lot')}>
          {(lot) => (
            <>
              <dt>{t('face.lot')}</dt>
              <dd>{lot()}</dd>
            </>
          )}
        </Show>
        <dt>{t('face.contentKg')}</dt>
        <dd class={`value q-${level().quality}`}>{kg()}</dd>
      </dl>
    </section>
  );
}

/** What a bin is meant for, and about how much is in it. */
export function Content(props: { device: Device }): JSX.Element {
  return (
    <Show when={props.device.type === 'bin' && roleOf(props.device.id, 'LevelPct')}>
      {(tag) => <ContentFacts device={props.device} levelTag={tag().name} />}
    </Show>
  );
}
