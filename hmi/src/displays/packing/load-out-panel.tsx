import type { JSX } from 'solid-js';
import { formatNumber } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { statusOf } from '../../state/live.ts';
import type { Device } from '../../state/mill.ts';
import { useTag } from '../../state/tags.ts';
import { Reasons } from '../../widgets/reasons.tsx';
import { TagValue } from '../../widgets/tag-value.tsx';
import { MachineRow } from './bagging-panel.tsx';
import { TagProgress } from './tag-progress.tsx';

/** A spout into a bulk truck: the compartment below it, and how much is in. */
export function LoadOutPanel(props: { spout: Device }): JSX.Element {
  const target = useTag(`${props.spout.id}.TargetKg`);
  const targetKg = () => {
    const { value, quality } = target();
    return typeof value === 'number' && quality === 'good' ? value : null;
  };
  const targetText = () => {
    const kg = targetKg();
    return kg === null ? '–' : formatNumber(kg);
  };
  return (
    <section class="panel packing-line" aria-label={say(props.spout.text)}>
      <header class="panel-head">
        <h2 class="panel-title">{say(props.spout.text)}</h2>
      </header>
      <div class="panel-body">
        <MachineRow device={props.spout} />
        <Reasons list={statusOf('device', props.spout.id)?.reasons ?? []} />
        <div class="packing-row">
          <span>{t('packing.compartment')}</span>
          <TagValue tag={`${props.spout.id}.Compartment`} />
        </div>
        <TagProgress
          tag={`${props.spout.id}.ActualKg`}
          max={targetKg()}
          words={(kg) => t('packing.loaded', { kg, target: targetText() })}
        />
      </div>
    </section>
  );
}
