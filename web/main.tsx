import { render } from 'preact';
import { App } from './app';
import { follow } from './live';
import { signInByLink } from './session';

signInByLink();
// A link that is opened in a tab which is here already changes nothing but what is behind the #.
addEventListener('hashchange', signInByLink);
follow();
render(<App />, document.getElementById('room')!);
