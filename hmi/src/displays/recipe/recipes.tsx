import { A, useParams } from '@solidjs/router';
import { createResource, For, type JSX, Show } from 'solid-js';
import type { RecipeList } from '../../../../server/contract/recipes.ts';
import { say, t } from '../../i18n/language.ts';
import { rest } from '../../live/rest.ts';
import { may } from '../../state/session.ts';
import { Loaded } from '../../widgets/loaded.tsx';
import { TableScroll } from '../../widgets/table-scroll.tsx';
import { RecipeImport } from './recipe-import.tsx';
import { RecipeVersions } from './recipe-versions.tsx';

function versionText(version: number | null): string {
  return version === null ? t('recipes.none') : `v${version}`;
}

function RecipeTable(props: { list: RecipeList; chosen: string | undefined }): JSX.Element {
  return (
    <TableScroll label={t('recipes.title')}>
      <table class="table table-tight">
        <thead>
          <tr>
            <th>{t('recipes.code')}</th>
            <th>{t('recipes.name')}</th>
            <th>{t('recipes.current')}</th>
            <th>{t('recipes.draft')}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.list.recipes}>
            {(one) => (
              <tr classList={{ 'recipe-here': one.code === props.chosen }}>
                <td>
                  <A class="link" href={`/recipes/${encodeURIComponent(one.code)}`}>
                    {one.code}
                  </A>
                </td>
                <td>{say(one.text)}</td>
                <td>{versionText(one.current)}</td>
                <td>{one.draft === null ? '–' : versionText(one.draft)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </TableScroll>
  );
}

/** Master recipes: the list, and the versions of one. */
export function Recipes(): JSX.Element {
  const params = useParams<{ code?: string }>();
  const [list, { refetch }] = createResource(() => rest.get<RecipeList>('/api/recipes'));
  return (
    <section>
      <div class="display-head">
        <h1>{t('recipes.title')}</h1>
        <a class="button" href="/api/recipe-exports/recipes.csv" target="_self">
          {t('recipes.export')}
        </a>
      </div>
      <Loaded resource={list} retry={() => void refetch()}>
        {(all) => (
          <div class="recipes">
            <div class="recipe-column">
              <RecipeTable list={all()} chosen={params.code} />
              <Show when={may('recipes.write')}>
                <RecipeImport done={() => void refetch()} />
              </Show>
            </div>
            <Show when={params.code}>
              {(code) => (
                <RecipeVersions code={code()} list={all()} changed={() => void refetch()} />
              )}
            </Show>
          </div>
        )}
      </Loaded>
    </section>
  );
}
