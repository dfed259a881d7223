import { canInstallPackages, findCommand, installPackages } from './find-command';

/** Prometheus and promtool, where they can be had: on PATH, or installed if we may. */
export interface PrometheusTools {
  readonly prometheus: string;
  readonly promtool: string;
}

/** Undefined where they are not, and may not be installed. */
export async function findOrInstallPrometheus(): Promise<PrometheusTools | undefined> {
  const found = find();
  if (found || !canInstallPackages()) return found;
  await installPackages('prometheus');
  return find();
}

function find(): PrometheusTools | undefined {
  const prometheus = findCommand('prometheus');
  const promtool = findCommand('promtool');
  return prometheus && promtool ? { prometheus, promtool } : undefined;
}
