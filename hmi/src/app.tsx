import { Route, Router } from '@solidjs/router';
import {
  createEffect,
  createSignal,
  type JSX,
  lazy,
  Match,
  onCleanup,
  onMount,
  Switch,
} from 'solid-js';
import { ChangePassword, SignIn } from './displays/sign-in.tsx';
import { t } from './i18n/language.ts';
import { Shell } from './shell.tsx';
import { closeLive, endedWhy, openLive } from './state/live.ts';
import { loadMill, millOrNull } from './state/mill.ts';
import { loadSession, session, sessionFailure } from './state/session.ts';
import { ProblemNote } from './widgets/reasons.tsx';

const Overview = lazy(async () => ({
  default: (await import('./displays/overview/overview.tsx')).Overview,
}));
const SectionDisplay = lazy(async () => ({
  default: (await import('./displays/overview/overview.tsx')).SectionDisplay,
}));
const LineDisplay = lazy(async () => ({
  default: (await import('./displays/line/line-display.tsx')).LineDisplay,
}));
const TrendDisplay = lazy(async () => ({
  default: (await import('./displays/trend/trend-display.tsx')).TrendDisplay,
}));
const Alarms = lazy(async () => ({ default: (await import('./displays/alarms.tsx')).Alarms }));
const Report = lazy(async () => ({ default: (await import('./displays/report.tsx')).Report }));
const Records = lazy(async () => ({ default: (await import('./displays/records.tsx')).Records }));
const OrderRecord = lazy(async () => ({
  default: (await import('./displays/order-record.tsx')).OrderRecord,
}));
const Packing = lazy(async () => ({
  default: (await import('./displays/packing/packing.tsx')).Packing,
}));
const Recipes = lazy(async () => ({
  default: (await import('./displays/recipe/recipes.tsx')).Recipes,
}));
const PlanDisplay = lazy(async () => ({
  default: (await import('./displays/plan/plan.tsx')).PlanDisplay,
}));
const TraceDisplay = lazy(async () => ({
  default: (await import('./displays/trace/trace-display.tsx')).TraceDisplay,
}));
const DrugLedger = lazy(async () => ({
  default: (await import('./displays/drug-ledger.tsx')).DrugLedger,
}));
const Links = lazy(async () => ({ default: (await import('./displays/links/links.tsx')).Links }));
const Storage = lazy(async () => ({
  default: (await import('./displays/storage.tsx')).Storage,
}));
const Trucks = lazy(async () => ({
  default: (await import('./displays/intake/trucks.tsx')).Trucks,
}));
const Stock = lazy(async () => ({
  default: (await import('./displays/intake/stock.tsx')).Stock,
}));
const Users = lazy(async () => ({ default: (await import('./displays/users.tsx')).Users }));
const Audit = lazy(async () => ({ default: (await import('./displays/audit.tsx')).Audit }));

function Displays(): JSX.Element {
  return (
    <Router root={Shell}>
      <Route path="/" component={Overview} />
      <Route path="/display/:display" component={SectionDisplay} />
      <Route path="/line/:line?" component={LineDisplay} />
      <Route path="/trend" component={TrendDisplay} />
      <Route path="/alarms" component={Alarms} />
      <Route path="/report" component={Report} />
      <Route path="/records" component={Records} />
      <Route path="/records/:order" component={OrderRecord} />
      <Route path="/trucks" component={Trucks} />
      <Route path="/stock" component={Stock} />
      <Route path="/recipes/:code?" component={Recipes} />
      <Route path="/packing" component={Packing} />
      <Route path="/plan" component={PlanDisplay} />
      <Route path="/trace/:name?" component={TraceDisplay} />
      <Route path="/drugs" component={DrugLedger} />
      <Route path="/links" component={Links} />
      <Route path="/storage" component={Storage} />
      <Route path="/users" component={Users} />
      <Route path="/audit" component={Audit} />
      <Route path="*" component={Overview} />
    </Router>
  );
}

/** How often it is tried again without being asked, ms. */
const RETRY_MS = 5_000;

/** Nothing can be shown now: says why, and tries again by itself and when asked. */
function Unavailable(props: { cause: unknown; retry: () => void }): JSX.Element {
  const timer = setInterval(() => props.retry(), RETRY_MS);
  onCleanup(() => clearInterval(timer));
  return (
    <main class="gate">
      <ProblemNote cause={props.cause} />
      <button type="button" class="button" onClick={() => props.retry()}>
        {t('app.retry')}
      </button>
    </main>
  );
}

/**
 * Loads the mill for a session, then shows its displays; without a mill there is nothing to show.
 */
function SignedIn(): JSX.Element {
  const [failure, setFailure] = createSignal<unknown>(null);
  const load = async () => {
    setFailure(null);
    try {
      await loadMill();
      openLive(() => void loadSession());
    } catch (cause) {
      setFailure(cause);
    }
  };
  onMount(() => void load());
  return (
    <Switch fallback={<p class="loading">{t('app.loading')}</p>}>
      <Match when={failure()}>
        {(cause) => <Unavailable cause={cause()} retry={() => void load()} />}
      </Match>
      <Match when={millOrNull()}>
        <Displays />
      </Match>
    </Switch>
  );
}

/** The whole screen: nothing without a session, nothing but a new password after a one-time one. */
export function App(): JSX.Element {
  onMount(() => void loadSession());
  createEffect(() => {
    if (session() === null) closeLive();
  });
  return (
    <Switch fallback={<p class="loading">{t('app.loading')}</p>}>
      <Match when={session() === undefined && sessionFailure()}>
        {(cause) => <Unavailable cause={cause()} retry={() => void loadSession()} />}
      </Match>
      <Match when={session() === null}>
        <SignIn ended={endedWhy() !== null} />
      </Match>
      <Match when={session()?.passwordChangeRequired === true}>
        <ChangePassword />
      </Match>
      <Match when={session()}>
        <SignedIn />
      </Match>
    </Switch>
  );
}
