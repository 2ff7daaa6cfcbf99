import { createSignal, type JSX, Show } from 'solid-js';
import { t } from '../i18n/language.ts';
import { changePassword, signIn, signOut } from '../state/session.ts';
import { LanguageChoice } from '../widgets/language-choice.tsx';
import { ProblemNote, problemOf } from '../widgets/reasons.tsx';
import { TextField } from '../widgets/text-field.tsx';

const PASSWORD_LENGTH_MIN = 10;

function Field(props: {
  label: string;
  type: 'text' | 'password';
  autocomplete: 'username' | 'current-password' | 'new-password';
  value: string;
  onInput: (value: string) => void;
  minLength?: number;
}): JSX.Element {
  return (
    <TextField
      {...props}
      autocapitalize="none"
      required
      minLength={props.minLength ?? 1}
      maxLength={200}
    />
  );
}

function Gate(props: { title: string; children: JSX.Element }): JSX.Element {
  return (
    <main class="gate">
      <div class="gate-head">
        <h1>{props.title}</h1>
        <LanguageChoice />
      </div>
      {props.children}
    </main>
  );
}

/** Asks who it is. */
export function SignIn(props: { ended: boolean }): JSX.Element {
  const [user, setUser] = createSignal('');
  const [password, setPassword] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<unknown>(null);
  const known = () => {
    const status = failure() === null ? null : problemOf(failure()).status;
    if (status === 401) return t('signIn.wrong');
    return status === 429 ? t('signIn.tooMany') : null;
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      await signIn(user().trim(), password());
    } catch (cause) {
      setFailure(cause);
      setPassword('');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Gate title={t('signIn.title')}>
      <form class="form" onSubmit={(event) => void submit(event)}>
        <Show when={props.ended}>
          <p class="note">{t('signIn.ended')}</p>
        </Show>
        <Field
          label={t('signIn.user')}
          type="text"
          autocomplete="username"
          value={user()}
          onInput={setUser}
        />
        <Field
          label={t('signIn.password')}
          type="password"
          autocomplete="current-password"
          value={password()}
          onInput={setPassword}
        />
        <Show when={known()}>
          <p class="note note-bad" role="alert">
            {known()}
          </p>
        </Show>
        <Show when={failure() !== null && known() === null}>
          <ProblemNote cause={failure()} />
        </Show>
        <button type="submit" class="button button-strong" disabled={busy()}>
          {t('signIn.submit')}
        </button>
      </form>
    </Gate>
  );
}

/** A one-time password opens nothing but this. */
export function ChangePassword(): JSX.Element {
  const [current, setCurrent] = createSignal('');
  const [next, setNext] = createSignal('');
  const [again, setAgain] = createSignal('');
  const [failure, setFailure] = createSignal<unknown>(null);
  const differ = () => again() !== '' && next() !== again();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (next() !== again()) return;
    setFailure(null);
    try {
      await changePassword(current(), next());
    } catch (cause) {
      setFailure(cause);
    }
  };
  return (
    <Gate title={t('password.title')}>
      <form class="form" onSubmit={(event) => void submit(event)}>
        <p>{t('password.mustChange')}</p>
        <Field
          label={t('password.current')}
          type="password"
          autocomplete="current-password"
          value={current()}
          onInput={setCurrent}
        />
        <Field
          label={t('password.next')}
          type="password"
          autocomplete="new-password"
          minLength={PASSWORD_LENGTH_MIN}
          value={next()}
          onInput={setNext}
        />
        <Field
          label={t('password.again')}
          type="password"
          autocomplete="new-password"
          value={again()}
          onInput={setAgain}
        />
        <Show when={differ()}>
          <p class="note note-bad" role="alert">
            {t('password.differ')}
          </p>
        </Show>
        <Show when={failure() !== null}>
          <ProblemNote cause={failure()} />
        </Show>
        <div class="actions">
          <button type="button" class="button" onClick={() => void signOut()}>
            {t('top.signOut')}
          </button>
          <button type="submit" class="button button-strong" disabled={differ()}>
            {t('password.submit')}
          </button>
        </div>
      </form>
    </Gate>
  );
}
