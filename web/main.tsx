import { render } from 'preact';
import { App } from './app';
import { follow } from './live';
import { signInByLink } from './session';

signInByLink();
follow();
render(<App />, document.getElementById('room')!);
