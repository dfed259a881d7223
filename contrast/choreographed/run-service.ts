import { prepareGroup, runGroupProcess } from '../../dev/group-process';
import { loadConfig } from '../../platform/config';

/** Makes the service's tables if there are none, and runs it: this process is it. */
export function runService(service: Parameters<typeof runGroupProcess>[0]): void {
  const { DATABASE_URL } = loadConfig('DATABASE_URL');
  prepareGroup(DATABASE_URL, service).then(
    () => runGroupProcess(service),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
