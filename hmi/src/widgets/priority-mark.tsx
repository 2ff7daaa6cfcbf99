import type { JSX } from 'solid-js';
import { t } from '../i18n/language.ts';
import type { Priority } from '../state/alarms.ts';

const SHAPES: Readonly<Record<Priority, string>> = {
  high: 'M8 0.8 L15.2 8 L8 15.2 L0.8 8 Z',
  medium: 'M8 1 L15.6 14.6 L0.4 14.6 Z',
  low: 'M1.5 1.5 H14.5 V14.5 H1.5 Z',
};
const NUMBERS: Readonly<Record<Priority, string>> = { high: '1', medium: '2', low: '3' };
const TEXT_Y: Readonly<Record<Priority, number>> = { high: 11.4, medium: 13, low: 11.6 };

/**
 * The shape of a priority inside an SVG of 16 x 16: shape, number and colour say the same thing.
 */
export function PriorityShape(props: { priority: Priority }): JSX.Element {
  return (
    <g class={`priority priority-${props.priority}`}>
      <path d={SHAPES[props.priority]} />
      <text x="8" y={TEXT_Y[props.priority]}>
        {NUMBERS[props.priority]}
      </text>
    </g>
  );
}

/** The mark of an alarm's priority. */
export function PriorityMark(props: { priority: Priority; calm?: boolean }): JSX.Element {
  return (
    <svg
      class="priority-mark"
      classList={{ calm: props.calm === true }}
      viewBox="0 0 16 16"
      role="img"
      aria-label={t(`priority.${props.priority}`)}
    >
      <PriorityShape priority={props.priority} />
    </svg>
  );
}
