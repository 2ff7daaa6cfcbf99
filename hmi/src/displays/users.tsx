import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import type { z } from 'zod';
import {
  type newUserAnswerSchema,
  ROLES,
  type Role,
  type userSchema,
} from '../../../server/contract/rest.ts';
import { formatTime } from '../i18n/format.ts';
import { t } from '../i18n/language.ts';
import { rest } from '../live/rest.ts';
import { session } from '../state/session.ts';
import { Loaded } from '../widgets/loaded.tsx';
import { ProblemNote } from '../widgets/reasons.tsx';
import { TableScroll } from '../widgets/table-scroll.tsx';
import { TextField } from '../widgets/text-field.tsx';

type User = z.infer<typeof userSchema>;
type NewUserAnswer = z.infer<typeof newUserAnswerSchema>;

interface Shown {
  readonly user: string;
  readonly password: string | null;
}

function RoleChoice(props: { role: Role; label: string; onChange: (role: Role) => void }) {
  return (
    <select
      aria-label={props.label}
      value={props.role}
      onChange={(event) => props.onChange(event.currentTarget.value as Role)}
    >
      <For each={ROLES}>
        {(role) => (
          <option value={role} selected={role === props.role}>
            {t(`role.${role}`)}
          </option>
        )}
      </For>
    </select>
  );
}

function UserRow(props: {
  user: User;
  run: (work: () => Promise<Shown | null>) => void;
}): JSX.Element {
  const path = () => `/api/users/${encodeURIComponent(props.user.user)}`;
  const change = (body: { role?: Role; active?: boolean }) =>
    props.run(async () => {
      await rest.patch<unknown>(path(), body);
      return null;
    });
  const resetPassword = () =>
    props.run(async () => {
      const answer = await rest.post<{ oneTimePassword: string }>(`${path()}/password`, {});
      return { user: props.user.user, password: answer.oneTimePassword };
    });
  const endSessions = () =>
    props.run(async () => {
      await rest.delete<unknown>(`${path()}/sessions`);
      return { user: props.user.user, password: null };
    });
  const self = () => props.user.user === session()?.user;
  return (
    <tr>
      <td>
        <strong>{props.user.user}</strong>
      </td>
      <td>{props.user.name}</td>
      <td>
        <RoleChoice
          role={props.user.role}
          label={`${t('users.role')} ${props.user.user}`}
          onChange={(role) => change({ role })}
        />
      </td>
      <td>{props.user.active ? `✓ ${t('app.yes')}` : `✕ ${t('users.locked')}`}</td>
      <td>{formatTime(props.user.created, 'day')}</td>
      <td>
        <div class="actions actions-left">
          <button type="button" class="button" disabled={self()} onClick={resetPassword}>
            {t('users.resetPassword')}
          </button>
          <button type="button" class="button" onClick={endSessions}>
            {t('users.endSessions')}
          </button>
          <button
            type="button"
            class="button"
            disabled={self()}
            onClick={() => change({ active: !props.user.active })}
          >
            {t(props.user.active ? 'users.deactivate' : 'users.activate')}
          </button>
        </div>
      </td>
    </tr>
  );
}

function NewUser(props: { run: (work: () => Promise<Shown | null>) => void }): JSX.Element {
  const [user, setUser] = createSignal('');
  const [name, setName] = createSignal('');
  const [role, setRole] = createSignal<Role>('operator');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    props.run(async () => {
      const body = { user: user().trim(), name: name().trim(), role: role() };
      const answer = await rest.post<NewUserAnswer>('/api/users', body);
      setUser('');
      setName('');
      return { user: answer.user.user, password: answer.oneTimePassword };
    });
  };
  return (
    <form class="panel panel-body fields" onSubmit={submit}>
      <TextField
        label={t('users.user')}
        required
        pattern="[a-z][a-z0-9._\-]{1,31}"
        title={t('users.userHint')}
        autocomplete="off"
        value={user()}
        onInput={setUser}
      />
      <TextField
        label={t('users.name')}
        required
        maxLength={100}
        autocomplete="off"
        value={name()}
        onInput={setName}
      />
      <div class="field">
        <span aria-hidden="true">{t('users.role')}</span>
        <RoleChoice role={role()} label={t('users.role')} onChange={setRole} />
      </div>
      <button type="submit" class="button button-strong">
        {t('users.add')}
      </button>
    </form>
  );
}

function UserTable(props: {
  list: readonly User[];
  run: (work: () => Promise<Shown | null>) => void;
}): JSX.Element {
  return (
    <TableScroll label={t('users.title')}>
      <table class="table">
        <thead>
          <tr>
            <th>{t('users.user')}</th>
            <th>{t('users.name')}</th>
            <th>{t('users.role')}</th>
            <th>{t('users.active')}</th>
            <th>{t('users.created')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          <For each={props.list}>{(user) => <UserRow user={user} run={props.run} />}</For>
        </tbody>
      </table>
    </TableScroll>
  );
}

/** Who may sign in, and as what. A one-time password is shown once and never again. */
export function Users(): JSX.Element {
  const [list, { refetch }] = createResource(() => rest.get<User[]>('/api/users'));
  const [failure, setFailure] = createSignal<unknown>(null);
  const [shown, setShown] = createSignal<Shown | null>(null);
  const run = async (work: () => Promise<Shown | null>) => {
    setFailure(null);
    setShown(null);
    try {
      setShown(await work());
    } catch (cause) {
      setFailure(cause);
    }
    await refetch();
  };
  return (
    <section>
      <div class="display-head">
        <h1>{t('users.title')}</h1>
      </div>
      <NewUser run={(work) => void run(work)} />
      <Show when={shown()}>
        {(one) => (
          <p class="note" role="status">
            <Show when={one().password} fallback={t('users.sessionsEnded', { user: one().user })}>
              {t('users.oneTime', { user: one().user })}{' '}
              <code class="secret">{one().password}</code>
            </Show>
          </p>
        )}
      </Show>
      <Show when={failure() !== null}>
        <ProblemNote cause={failure()} />
      </Show>
      <Loaded resource={list} retry={() => void refetch()}>
        {(users) => <UserTable list={users()} run={(work) => void run(work)} />}
      </Loaded>
    </section>
  );
}
