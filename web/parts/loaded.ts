import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** Something that is asked for, and asked for again. */
export interface Loaded<Data> {
  readonly data: Data | undefined;
  readonly error: string;
  readonly reload: () => Promise<void>;
}

/** Asks now, whenever `about` changes, and every `everyMs`; what was last known stays until then. */
export function useLoaded<Data>(
  load: () => Promise<Data>,
  about: string,
  everyMs?: number,
): Loaded<Data> {
  const data = useSignal<Data | undefined>(undefined);
  const error = useSignal('');
  const reload = async () => {
    try {
      data.value = await load();
      error.value = '';
    } catch (reason) {
      error.value = reason instanceof Error ? reason.message : String(reason);
    }
  };
  useEffect(() => {
    data.value = undefined;
  }, [about]);
  useEffect(() => {
    void reload();
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (!document.hidden) void reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [about, everyMs]);
  return { data: data.value, error: error.value, reload };
}
