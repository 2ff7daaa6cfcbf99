import { For, type JSX } from 'solid-js';
import { LANGUAGES, language, setLanguage, t } from '../i18n/language.ts';

const NAMES = { vi: 'Tiếng Việt', en: 'English' } as const;

/** Vietnamese or English; remembered on this screen. */
export function LanguageChoice(): JSX.Element {
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">{t('top.language')}</legend>
      <For each={LANGUAGES}>
        {(one) => (
          <button
            type="button"
            class="segment"
            lang={one}
            title={NAMES[one]}
            aria-pressed={language() === one}
            onClick={() => setLanguage(one)}
          >
            {one.toUpperCase()}
          </button>
        )}
      </For>
    </fieldset>
  );
}
