import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** Something that is asked for, and asked for again. */
export interface Loaded<Data> {
  readonly data: Data | undefined;
  readonly error: string;
  readonly reload: () => Promise<void>;
}

/**
 * Asks now, whenever `about` changes, and every `everyMs`; what was last known stays until then. An
 * answer about something else, which came late, is not taken.
 */
export function useLoaded<Data>(
  load: () => Promise<Data>,
  about: string,
  everyMs?: number,
): Loaded<Data> {
  const known = useSignal<{ about: string; data: Data } | undefined>(undefined);
  const error = useSignal('');
  const current = useRef({ about, load });
  current.current = { about, load };
  const asked = useRef(0);
  const answered = useRef(0);
  const underWay = useRef(0);

  const reload = async () => {
    const turn = ++asked.current;
    const asking = current.current;
    const isLate = () => turn < answered.current || asking.about !== current.current.about;
    underWay.current += 1;
    try {
      const data = await asking.load();
      if (isLate()) return;
      answered.current = turn;
      known.value = { about: asking.about, data };
      error.value = '';
    } catch (reason) {
      if (!isLate()) error.value = reason instanceof Error ? reason.message : String(reason);
    } finally {
      underWay.current -= 1;
    }
  };
  useEffect(() => {
    error.value = '';
    void reload();
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      // A slow answer is not asked for again meanwhile.
      if (!document.hidden && underWay.current === 0) void reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [about, everyMs]);
  const data = known.value?.about === about ? known.value.data : undefined;
  return { data, error: error.value, reload };
}
