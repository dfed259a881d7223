import type { ComponentType } from 'preact';
import { isForbidden, link } from './live';
import { Status } from './parts/status';
import { Break } from './pages/break';
import { Docs } from './pages/docs';
import { Inbox } from './pages/inbox';
import { Now } from './pages/now';
import { Orders } from './pages/orders';
import { Place } from './pages/place';
import { SignIn } from './pages/sign-in';
import { XrayPage } from './pages/xray';
import { Repair } from './repair/repair';
import { route } from './route';
import { key, signedOutBecause, signOut } from './session';

interface Room {
  readonly path: string;
  readonly title: string;
  readonly page: ComponentType;
}

/** What only development has stands behind a constant, so that production has none of its code. */
const ROOMS: readonly Room[] = [
  { path: 'now', title: 'Now', page: Now },
  ...(__DEVELOPMENT__ ? [{ path: 'place', title: 'Place', page: Place }] : []),
  { path: 'orders', title: 'Orders', page: Orders },
  { path: 'repair', title: 'Repair', page: Repair },
  ...(__DEVELOPMENT__
    ? [
        { path: 'break', title: 'Break', page: Break },
        { path: 'inbox', title: 'Inbox', page: Inbox },
      ]
    : []),
  { path: 'docs', title: 'Docs', page: Docs },
];

/** The control room. */
export function App() {
  if (key.value === '') return <SignIn reason={signedOutBecause.value} />;
  if (isForbidden.value) return <SignIn reason="This key has not the scope ops." />;
  const [first = 'now', second] = route.value;
  const here = ROOMS.find(({ path }) => path === first) ?? ROOMS[0]!;
  const Page = first === 'orders' && second !== undefined ? XrayPage : here.page;
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>
        Skip to the content
      </a>
      <header class="top">
        <strong class="brand">Tandem</strong>
        <nav aria-label="Rooms">
          {ROOMS.map(({ path, title }) => (
            <a key={path} href={`#/${path}`} aria-current={path === here.path ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <span class={`link ${link.value === 'live' ? 'good' : 'bad'}`} role="status">
          {link.value}
        </span>
        <button class="quiet" onClick={() => signOut()}>
          Sign out
        </button>
      </header>
      <Status />
      <main id="main" tabIndex={-1}>
        <Page />
      </main>
    </>
  );
}

function skipToMain(event: Event): void {
  // The address is the room's, not the element's.
  event.preventDefault();
  document.getElementById('main')?.focus();
}
