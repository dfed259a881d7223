import { canInstallPackages, findCommand, installPackages } from './find-command';

/** The line that fixes a missing browser. */
const CHROMIUM_FIX =
  process.platform === 'darwin' ? 'brew install --cask chromium' : 'apt-get install -y chromium';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A browser for the tests of the control room: on PATH, else one that we install if we may. */
export async function findOrInstallChromium(): Promise<string> {
  const found = findCommand(...NAMES);
  if (found) return found;
  if (!canInstallPackages()) throw new Error(`the page's tests need a browser: ${CHROMIUM_FIX}`);
  await installPackages('chromium');
  const installed = findCommand(...NAMES);
  if (!installed) throw new Error('chromium was installed, and is not on PATH');
  return installed;
}
