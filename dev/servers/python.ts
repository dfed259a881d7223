import { canInstallPackages, findCommand, installPackages, outputOf } from './find-command';

const PROBE_TIMEOUT_MS = 30_000;

/** A Python that has pip; installed where there is none and we may. Throws otherwise. */
export async function pythonWithPip(): Promise<string> {
  const find = async () => {
    const python = findCommand('python3', 'python');
    if (!python) return undefined;
    return outputOf(python, ['-m', 'pip', '--version'], PROBE_TIMEOUT_MS).then(
      () => python,
      () => undefined,
    );
  };
  const found = await find();
  if (found) return found;
  if (canInstallPackages()) await installPackages('python3', 'python3-pip');
  const installed = await find();
  if (!installed) throw new Error('there is no Python with pip');
  return installed;
}
