import { createResource, For, type JSX, Show } from 'solid-js';
import type { RecipeDiff, RecipeList, RecipeVersion } from '../../../../server/contract/recipes.ts';
import { formatNumber } from '../../i18n/format.ts';
import { t, tOr } from '../../i18n/language.ts';
import { rest } from '../../live/rest.ts';
import { Loaded } from '../../widgets/loaded.tsx';
import { TableScroll } from '../../widgets/table-scroll.tsx';
import { materialName } from './recipe-names.ts';

const share = (pct: number | null) => (pct === null ? '–' : `${formatNumber(pct, 3)} %`);

/** What a line of the comparison is: a sign beside the figures, never colour alone. */
function signOf(before: number | null, after: number | null): string {
  if (before === after) return '';
  if (before === null) return '+';
  if (after === null) return '−';
  return after > before ? '▲' : '▼';
}

function DiffTable(props: {
  diff: RecipeDiff;
  before: number;
  after: number;
  list: RecipeList;
}): JSX.Element {
  const same = () =>
    props.diff.members.length === 0 &&
    props.diff.items.every((one) => one.beforePct === one.afterPct);
  return (
    <Show when={!same()} fallback={<p class="quiet">{t('recipes.same')}</p>}>
      <TableScroll label={t('recipes.compare')}>
        <table class="table table-tight">
          <thead>
            <tr>
              <th>{t('recipes.ingredient')}</th>
              <th class="num">{t('recipes.before', { version: props.before })}</th>
              <th class="num">{t('recipes.after', { version: props.after })}</th>
              <th class="num">{t('recipes.change')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.diff.items}>
              {(one) => (
                <tr classList={{ 'diff-row': one.beforePct !== one.afterPct }}>
                  <td>{materialName(one.material, props.list.materials)}</td>
                  <td class="num">{share(one.beforePct)}</td>
                  <td class="num">{share(one.afterPct)}</td>
                  <td class="num">
                    {signOf(one.beforePct, one.afterPct)}{' '}
                    {one.beforePct === one.afterPct
                      ? ''
                      : formatNumber((one.afterPct ?? 0) - (one.beforePct ?? 0), 3)}
                  </td>
                </tr>
              )}
            </For>
            <For each={props.diff.members}>
              {(one) => (
                <tr class="diff-row">
                  <td>{tOr(`recipes.member.${one.member}`, one.member)}</td>
                  <td class="num">{one.before ?? '–'}</td>
                  <td class="num">{one.after ?? '–'}</td>
                  <td class="num">≠</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </TableScroll>
    </Show>
  );
}

/** Two versions side by side. */
export function RecipeDiffView(props: {
  of: RecipeVersion;
  before: number;
  list: RecipeList;
}): JSX.Element {
  const path = () => {
    const recipe = encodeURIComponent(props.of.code);
    return `/api/recipes/${recipe}/versions/${props.of.version}/diff?from=${props.before}`;
  };
  const key = () => ({ path: path(), revision: props.of.revision });
  const [diff, { refetch }] = createResource(key, (of) => rest.get<RecipeDiff>(of.path));
  return (
    <Loaded resource={diff} retry={() => void refetch()}>
      {(there) => (
        <DiffTable
          diff={there()}
          before={props.before}
          after={props.of.version}
          list={props.list}
        />
      )}
    </Loaded>
  );
}
