import type { JSX } from 'solid-js';
import { formatNumber } from '../../i18n/format.ts';
import { useTag } from '../../state/tags.ts';
import { Progress } from '../../widgets/progress.tsx';
import { QUALITY_SIGNS } from '../../widgets/value-text.ts';

/**
 * How far a counted or weighed tag is on its way to `max`. What is not known is a dash, and what
 * cannot be trusted has its sign and is hatched.
 * @param words the figures in words, given the value as people read it.
 */
export function TagProgress(props: {
  tag: string;
  max: number | null;
  words: (value: string) => string;
}): JSX.Element {
  const view = useTag(props.tag);
  const number = () => {
    const { value } = view();
    return typeof value === 'number' ? value : null;
  };
  const label = () => {
    const value = number();
    const text = props.words(value === null ? '–' : formatNumber(value));
    return `${text} ${QUALITY_SIGNS[view().quality]}`.trim();
  };
  return (
    <div class={`packing-progress q-${view().quality}`}>
      <Progress value={number() ?? 0} max={props.max ?? 0} label={label()} />
    </div>
  );
}
