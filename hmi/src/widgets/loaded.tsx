import { type JSX, Match, type Resource, Switch } from 'solid-js';
import { t } from '../i18n/language.ts';
import { ProblemNote } from './reasons.tsx';

/** What was asked of the server: on its way, failed with a way to try again, or there. */
export function Loaded<T>(props: {
  resource: Resource<T>;
  retry: () => void;
  children: (value: () => T) => JSX.Element;
}): JSX.Element {
  const value = () => (props.resource.error === undefined ? props.resource.latest : undefined);
  return (
    <Switch fallback={<p class="quiet">{t('app.loading')}</p>}>
      <Match when={props.resource.error}>
        {(cause) => (
          <>
            <ProblemNote cause={cause()} />
            <button type="button" class="button" onClick={() => props.retry()}>
              {t('app.retry')}
            </button>
          </>
        )}
      </Match>
      <Match when={value()}>{(there) => props.children(() => there() as T)}</Match>
    </Switch>
  );
}
