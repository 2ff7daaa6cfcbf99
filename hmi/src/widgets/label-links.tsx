import { type JSX, Show } from 'solid-js';
import { t } from '../i18n/language.ts';
import { may } from '../state/session.ts';

/** The printable label of a lot's bags or of a pallet: as a page, and as a drawing. */
export function LabelLinks(props: { of: 'bag' | 'pallet'; id: string }): JSX.Element {
  const file = (type: 'pdf' | 'svg') =>
    `/api/labels/${encodeURIComponent(props.id)}/${props.of}.${type}`;
  return (
    <Show when={may('labels.read')}>
      <a class="link" href={file('pdf')} target="_blank" rel="noopener">
        {t('label.label')} PDF
      </a>{' '}
      <a class="link" href={file('svg')} target="_blank" rel="noopener">
        SVG
      </a>
    </Show>
  );
}
